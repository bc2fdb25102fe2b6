-- Keys and HMAC (RFC 2104) for hpim-dm.lua: Wireshark's Lua has no hash. Hashes take and return strings of bytes.
-- As a script of its own, as Wireshark loads whatever it finds beside the other one, it does nothing.

local band, bor, bxor, bnot, rol, ror = bit.band, bit.bor, bit.bxor, bit.bnot, bit.rol, bit.ror
local lshift, rshift, tobit = bit.lshift, bit.rshift, bit.tobit

-- Fractional parts of cube roots of the first 80 primes, and of square roots of the first 16 (FIPS 180-4 §4.2.3, §5.3).
-- SHA-256 takes the first halves of what SHA-512 takes; SHA-224 begins with the second halves of what SHA-384 begins with.
local ROUNDS = [[
  428a2f98d728ae22 7137449123ef65cd b5c0fbcfec4d3b2f e9b5dba58189dbbc 3956c25bf348b538 59f111f1b605d019
  923f82a4af194f9b ab1c5ed5da6d8118 d807aa98a3030242 12835b0145706fbe 243185be4ee4b28c 550c7dc3d5ffb4e2
  72be5d74f27b896f 80deb1fe3b1696b1 9bdc06a725c71235 c19bf174cf692694 e49b69c19ef14ad2 efbe4786384f25e3
  0fc19dc68b8cd5b5 240ca1cc77ac9c65 2de92c6f592b0275 4a7484aa6ea6e483 5cb0a9dcbd41fbd4 76f988da831153b5
  983e5152ee66dfab a831c66d2db43210 b00327c898fb213f bf597fc7beef0ee4 c6e00bf33da88fc2 d5a79147930aa725
  06ca6351e003826f 142929670a0e6e70 27b70a8546d22ffc 2e1b21385c26c926 4d2c6dfc5ac42aed 53380d139d95b3df
  650a73548baf63de 766a0abb3c77b2a8 81c2c92e47edaee6 92722c851482353b a2bfe8a14cf10364 a81a664bbc423001
  c24b8b70d0f89791 c76c51a30654be30 d192e819d6ef5218 d69906245565a910 f40e35855771202a 106aa07032bbd1b8
  19a4c116b8d2d0c8 1e376c085141ab53 2748774cdf8eeb99 34b0bcb5e19b48a8 391c0cb3c5c95a63 4ed8aa4ae3418acb
  5b9cca4f7763e373 682e6ff3d6b2b8a3 748f82ee5defb2fc 78a5636f43172f60 84c87814a1f0ab72 8cc702081a6439ec
  90befffa23631e28 a4506cebde82bde9 bef9a3f7b2c67915 c67178f2e372532b ca273eceea26619c d186b8c721c0c207
  eada7dd6cde0eb1e f57d4f7fee6ed178 06f067aa72176fba 0a637dc5a2c898a6 113f9804bef90dae 1b710b35131c471b
  28db77f523047d84 32caab7b40c72493 3c9ebe0a15c9bebc 431d67c49c100d4c 4cc5d4becb3e42b6 597f299cfc657e2a
  5fcb6fab3ad6faec 6c44198c4a475817
]]
local BEGINNING_512 = [[
  6a09e667f3bcc908 bb67ae8584caa73b 3c6ef372fe94f82b a54ff53a5f1d36f1
  510e527fade682d1 9b05688c2b3e6c1f 1f83d9abfb41bd6b 5be0cd19137e2179
]]
local BEGINNING_384 = [[
  cbbb9d5dc1059ed8 629a292a367cd507 9159015a3070dd17 152fecd8f70e5939
  67332667ffc00b31 8eb44a8768581511 db0c2e0d64f98fa7 47b5481dbefa4fa4
]]

-- The first and second halves of such numbers.
local function halves(text)
  local high, low = {}, {}
  for first, second in text:gmatch("(%x%x%x%x%x%x%x%x)(%x%x%x%x%x%x%x%x)") do
    table.insert(high, tobit(tonumber(first, 16)))
    table.insert(low, tobit(tonumber(second, 16)))
  end
  return high, low
end

local ROUNDS_HIGH, ROUNDS_LOW = halves(ROUNDS)

local function word_at(text, at)
  local a, b, c, d = text:byte(at, at + 3)
  return bor(lshift(a, 24), lshift(b, 16), lshift(c, 8), d)
end

local function word_text(word)
  return string.char(band(rshift(word, 24), 255), band(rshift(word, 16), 255), band(rshift(word, 8), 255), band(word, 255))
end

local function words_text(words, count)
  local texts = {}
  for i = 1, count do texts[i] = word_text(words[i]) end
  return table.concat(texts)
end

-- Up to a whole number of blocks: a one, zeros, and the length in bits, of which four bytes are enough.
local function padded(text, block_bytes, length_bytes)
  local zeros = -(#text + 1 + length_bytes) % block_bytes + length_bytes - 4
  return text .. "\128" .. ("\0"):rep(zeros) .. word_text(tobit(8 * #text))
end

local function added(state, ...)
  for i, word in ipairs({...}) do state[i] = tobit(state[i] + word) end
end

-- RFC 1321. Its words are little-endian: of each four bytes the last comes first.
local function md5(text)
  local SHIFTS = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } }
  local state = { 0x67452301, tobit(0xefcdab89), tobit(0x98badcfe), 0x10325476 }
  local input = padded(text, 64, 8)
  input = input:sub(1, -9) .. input:sub(-4):reverse() .. "\0\0\0\0"
  for block = 1, #input, 64 do
    local a, b, c, d = table.unpack(state)
    for i = 0, 63 do
      local mixed, place
      local round = math.floor(i / 16)
      if round == 0 then mixed, place = bor(band(b, c), band(bnot(b), d)), i
      elseif round == 1 then mixed, place = bor(band(d, b), band(bnot(d), c)), (5 * i + 1) % 16
      elseif round == 2 then mixed, place = bxor(b, c, d), (3 * i + 5) % 16
      else mixed, place = bxor(c, bor(b, bnot(d))), 7 * i % 16 end
      local constant = math.floor(math.abs(math.sin(i + 1)) * 2 ^ 32)
      local sum = tobit(a + mixed + constant + bit.bswap(word_at(input, block + 4 * place)))
      a, d, c, b = d, c, b, tobit(b + rol(sum, SHIFTS[round + 1][i % 4 + 1]))
    end
    added(state, a, b, c, d)
  end
  for i = 1, 4 do state[i] = bit.bswap(state[i]) end
  return words_text(state, 4)
end

-- FIPS 180-4 §6.1.
local function sha1(text)
  local state = { 0x67452301, tobit(0xefcdab89), tobit(0x98badcfe), 0x10325476, tobit(0xc3d2e1f0) }
  local input = padded(text, 64, 8)
  for block = 1, #input, 64 do
    local w = {}
    for i = 0, 15 do w[i] = word_at(input, block + 4 * i) end
    for i = 16, 79 do w[i] = rol(bxor(w[i - 3], w[i - 8], w[i - 14], w[i - 16]), 1) end
    local a, b, c, d, e = table.unpack(state)
    for i = 0, 79 do
      local mixed
      if i < 20 then mixed = bor(band(b, c), band(bnot(b), d)) + 0x5a827999
      elseif i < 40 then mixed = bxor(b, c, d) + 0x6ed9eba1
      elseif i < 60 then mixed = bor(band(b, c), band(b, d), band(c, d)) + 0x8f1bbcdc
      else mixed = bxor(b, c, d) + 0xca62c1d6 end
      a, b, c, d, e = tobit(rol(a, 5) + mixed + e + w[i]), a, rol(b, 30), c, d
    end
    added(state, a, b, c, d, e)
  end
  return words_text(state, 5)
end

-- SHA-224 and SHA-256 (FIPS 180-4 §6.2), by their first state and the words of their result.
local function sha2_short(beginning, count)
  return function(text)
    local state = { table.unpack(beginning) }
    local input = padded(text, 64, 8)
    for block = 1, #input, 64 do
      local w = {}
      for i = 1, 16 do w[i] = word_at(input, block + 4 * (i - 1)) end
      for i = 17, 64 do
        local x, y = w[i - 15], w[i - 2]
        w[i] = tobit(w[i - 16] + bxor(ror(x, 7), ror(x, 18), rshift(x, 3)) + w[i - 7]
          + bxor(ror(y, 17), ror(y, 19), rshift(y, 10)))
      end
      local a, b, c, d, e, f, g, h = table.unpack(state)
      for i = 1, 64 do
        local first = h + bxor(ror(e, 6), ror(e, 11), ror(e, 25)) + bxor(band(e, f), band(bnot(e), g))
          + ROUNDS_HIGH[i] + w[i]
        local second = bxor(ror(a, 2), ror(a, 13), ror(a, 22)) + bxor(band(a, b), band(a, c), band(b, c))
        h, g, f, e, d, c, b, a = g, f, e, tobit(d + first), c, b, a, tobit(first + second)
      end
      added(state, a, b, c, d, e, f, g, h)
    end
    return words_text(state, count)
  end
end

-- Numbers of 64 bits are two words, `h` the higher one.
local function sum64(h, l, ...)
  local more = {...}
  l = l % 2 ^ 32
  for i = 1, #more, 2 do h, l = h + more[i], l + more[i + 1] % 2 ^ 32 end
  return tobit(h + math.floor(l / 2 ^ 32)), tobit(l)
end

-- To the right, by 1 to 31 bits; by 32 more, the words change their places.
local function rotated(h, l, by)
  if by > 32 then h, l, by = l, h, by - 32 end
  return bor(rshift(h, by), lshift(l, 32 - by)), bor(rshift(l, by), lshift(h, 32 - by))
end

-- Of a number rotated by three widths; the last one only shifts, where `shifts` says so.
local function sigma(h, l, first, second, third, shifts)
  local h1, l1 = rotated(h, l, first)
  local h2, l2 = rotated(h, l, second)
  local h3, l3 = rotated(h, l, third)
  if shifts then h3 = rshift(h, third) end
  return bxor(h1, h2, h3), bxor(l1, l2, l3)
end

local function choose(e, f, g) return bxor(band(e, f), band(bnot(e), g)) end
local function majority(a, b, c) return bxor(band(a, b), band(a, c), band(b, c)) end

local function sha512_block(h, l, input, block)
  local wh, wl = {}, {}
  for i = 1, 16 do wh[i], wl[i] = word_at(input, block + 8 * i - 8), word_at(input, block + 8 * i - 4) end
  for i = 17, 80 do
    local xh, xl = sigma(wh[i - 15], wl[i - 15], 1, 8, 7, true)
    local yh, yl = sigma(wh[i - 2], wl[i - 2], 19, 61, 6, true)
    wh[i], wl[i] = sum64(wh[i - 16], wl[i - 16], xh, xl, wh[i - 7], wl[i - 7], yh, yl)
  end
  local vh, vl = { table.unpack(h) }, { table.unpack(l) }
  for i = 1, 80 do
    local eh, el = sigma(vh[5], vl[5], 14, 18, 41)
    local ah, al = sigma(vh[1], vl[1], 28, 34, 39)
    local first_h, first_l = sum64(vh[8], vl[8], eh, el, choose(vh[5], vh[6], vh[7]), choose(vl[5], vl[6], vl[7]),
      ROUNDS_HIGH[i], ROUNDS_LOW[i], wh[i], wl[i])
    local new_h, new_l = sum64(first_h, first_l, ah, al, majority(vh[1], vh[2], vh[3]), majority(vl[1], vl[2], vl[3]))
    local fifth_h, fifth_l = sum64(vh[4], vl[4], first_h, first_l)
    for j = 8, 2, -1 do vh[j], vl[j] = vh[j - 1], vl[j - 1] end
    vh[1], vl[1], vh[5], vl[5] = new_h, new_l, fifth_h, fifth_l
  end
  for i = 1, 8 do h[i], l[i] = sum64(h[i], l[i], vh[i], vl[i]) end
end

-- SHA-384 and SHA-512 (FIPS 180-4 §6.4), by their first state and the bytes of their result.
local function sha2_long(beginning, bytes)
  return function(text)
    local h, l = halves(beginning)
    local input = padded(text, 128, 16)
    for block = 1, #input, 128 do sha512_block(h, l, input, block) end
    local texts = {}
    for i = 1, 8 do texts[i] = word_text(h[i]) .. word_text(l[i]) end
    return table.concat(texts):sub(1, bytes)
  end
end

local ALGORITHMS = {
  md5 = { hash = md5, block_bytes = 64 },
  sha1 = { hash = sha1, block_bytes = 64 },
  sha224 = { hash = sha2_short(select(2, halves(BEGINNING_384)), 7), block_bytes = 64 },
  sha256 = { hash = sha2_short((halves(BEGINNING_512)), 8), block_bytes = 64 },
  sha384 = { hash = sha2_long(BEGINNING_384, 48), block_bytes = 128 },
  sha512 = { hash = sha2_long(BEGINNING_512, 64), block_bytes = 128 },
}

-- Of the algorithms that there are here: RFC 2104 §2.
local function hmac(name, secret, text)
  local hash, block_bytes = ALGORITHMS[name].hash, ALGORITHMS[name].block_bytes
  local key = #secret > block_bytes and hash(secret) or secret
  key = key .. ("\0"):rep(block_bytes - #key)
  local function with(pad)
    return key:gsub(".", function(character) return string.char(bxor(character:byte(), pad)) end)
  end
  local inner, outer = with(0x36), with(0x5c)
  return hash(outer .. hash(inner .. text))
end

-- Keys that are written as IDENTIFIER:ALGORITHM:SECRET: lists by their identifiers; and those that cannot be used: why not, and
-- of which messages that is to be said, by the identifier or, where it has none, of all that are signed.
local function keys_of(texts)
  local keys, problems = {}, {}
  for i, text in ipairs(texts) do
    local identifier, name, secret = text:match("^(%d+):([^:]*):(.+)$")
    identifier = tonumber(identifier)
    if identifier and ALGORITHMS[name] then
      keys[identifier] = keys[identifier] or {}
      table.insert(keys[identifier], { name = name, secret = secret })
    elseif identifier then
      table.insert(problems, { why = ("Key %d: %s cannot be checked here"):format(i, name), identifier = identifier })
    elseif text ~= "" then
      table.insert(problems, { why = ("Key %d is not IDENTIFIER:ALGORITHM:SECRET"):format(i) })
    end
  end
  return keys, problems
end

-- Whether one key of this list makes this value of the text.
local function is_made_by(keys, text, value)
  for _, key in ipairs(keys) do
    if hmac(key.name, key.secret, text) == value then return true end
  end
  return false
end

return { keys_of = keys_of, is_made_by = is_made_by }
