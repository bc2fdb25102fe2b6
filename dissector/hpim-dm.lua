-- HPIM-DM in Wireshark 4 and tshark: messages of protocol.md §2, their signatures (§3), and which Ack belongs to what (§8).
-- Put this directory into ~/.local/lib/wireshark/plugins, or name the file: tshark -X lua_script:hpim-dm.lua. See docs/captures.md.
-- Reasons why a message is malformed are those of "hpim-dm decode" and of the daemon's counters.

local own_directory = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or ""
local signatures = dofile(own_directory .. "hpim-dm-hmac.lua")

local hpim = Proto("HPIM-DM", "Hard-state Protocol Independent Multicast - Dense Mode")

local HELLO, SYNC, I_AM_UPSTREAM, I_AM_NO_LONGER_UPSTREAM, INTEREST, NO_INTEREST, ACK = 0, 1, 2, 3, 4, 5, 6
local TYPES = {
  [HELLO] = "Hello",
  [SYNC] = "Sync",
  [I_AM_UPSTREAM] = "IamUpstream",
  [I_AM_NO_LONGER_UPSTREAM] = "IamNoLongerUpstream",
  [INTEREST] = "Interest",
  [NO_INTEREST] = "NoInterest",
  [ACK] = "Ack",
}

local HPIM_DM_PROTOCOL, PIM_VERSION, HEADER_BYTES = 103, 2, 8

local function u32(name, title) return ProtoField.uint32("hpim." .. name, title) end
local function frame(name, title, kind)
  return ProtoField.new(title, "hpim." .. name, ftypes.FRAMENUM, kind and frametype[kind])
end
local fields = {
  boot_time = u32("boot_time", "BootTime"),
  version = ProtoField.uint8("hpim.version", "Version", base.DEC, nil, 0xf0),
  type = ProtoField.uint8("hpim.type", "Type", base.DEC, TYPES, 0x0f),
  security_id = ProtoField.uint16("hpim.security_id", "SecurityIdentifier"),
  security_length = ProtoField.uint8("hpim.security_length", "SecurityLength"),
  security_value = ProtoField.bytes("hpim.security_value", "SecurityValue"),
  security_valid = ProtoField.bool("hpim.security_valid", "Signature is right"),
  hold_time = ProtoField.uint16("hpim.options.hello_holdtime", "HoldTime in seconds"),
  hold_time_millis = u32("options.hello_holdtime_millis", "HoldTimeMillis"),
  checkpoint_sn = u32("options.checkpoint_sequence_number", "CheckpointSN"),
  preference = u32("options.assert_metric_preference", "RPC preference"),
  metric = u32("options.assert_metric", "RPC metric"),
  sn = u32("options.sequence_number", "SN"),
  neighbor_boot_time = u32("options.neighbor_boot_time", "NeighborBootTime"),
  my_ssn = u32("options.my_snapshot_sequence_number", "MySSN"),
  neighbor_ssn = u32("options.neighbor_snapshot_sequence_number", "NeighborSSN"),
  master = ProtoField.bool("hpim.options.master_flag", "M, leader", 32, nil, 0x80000000),
  more = ProtoField.bool("hpim.options.more_flag", "m, more trees", 32, nil, 0x40000000),
  sync_sn = ProtoField.uint32("hpim.options.sync_sequence_number", "SyncSN", base.DEC, nil, 0x3fffffff),
  malformed = ProtoField.string("hpim.malformed", "Malformed"),
  repeats = frame("repeats", "Again what was said in"),
  acknowledges = frame("acknowledges", "Acknowledges", "ACK"),
  acknowledged_in = frame("acknowledged_in", "Acknowledged in", "RESPONSE"),
}
-- As a text of either family, which one name can be filtered by, and as addresses, which subnets can be filtered by.
local function address_fields(name, title)
  return {
    text = ProtoField.string("hpim.options." .. name, title),
    [4] = ProtoField.ipv4("hpim.options." .. name .. "_ipv4", title),
    [6] = ProtoField.ipv6("hpim.options." .. name .. "_ipv6", title),
  }
end
local tree_fields = { address_fields("tree_source", "Source"), address_fields("tree_group", "Group") }
local experts = {
  malformed = ProtoExpert.new("hpim.malformed.expert", "Malformed", expert.group.MALFORMED, expert.severity.ERROR),
  wrong_signature = ProtoExpert.new("hpim.security_valid.expert", "The signature is wrong",
    expert.group.SECURITY, expert.severity.WARN),
  bad_key = ProtoExpert.new("hpim.key.expert", "A key in the preferences cannot be used",
    expert.group.SECURITY, expert.severity.NOTE),
  unacknowledged = ProtoExpert.new("hpim.unacknowledged.expert", "Never acknowledged in this capture",
    expert.group.SEQUENCE, expert.severity.WARN),
}
for _, some in ipairs({ fields, tree_fields[1], tree_fields[2] }) do
  for _, field in pairs(some) do table.insert(hpim.fields, field) end
end
for _, one in pairs(experts) do table.insert(hpim.experts, one) end

-- Keys, as the user enters them in the preferences.

local MOST_KEYS = 16
for i = 1, MOST_KEYS do
  hpim.prefs["key" .. i] = Pref.string("Key " .. i, "",
    "IDENTIFIER:ALGORITHM:SECRET, such as 7:sha256:secret. Algorithms: md5, sha1, sha224, sha256, sha384, sha512")
end

local keys, key_problems

local function read_keys()
  local texts = {}
  for i = 1, MOST_KEYS do texts[i] = hpim.prefs["key" .. i] end
  keys, key_problems = signatures.keys_of(texts)
end

hpim.prefs_changed = read_keys

-- Of IP headers around the message; only there while Wireshark builds a tree.
local ADDRESSES = {
  [4] = { Field.new("ip.src"), Field.new("ip.dst") },
  [6] = { Field.new("ipv6.src"), Field.new("ipv6.dst") },
}

-- The bytes of a field of the innermost header; nil: there is none.
local function innermost(field)
  local found
  for _, info in ipairs({ field() }) do
    if not found or info.offset > found.offset then found = info end
  end
  return found and found.range:raw()
end

-- Whether a key signs the message as it is signed (§3); nil: there is no key of its identifier.
local function is_right(tvb, family, identifier, length)
  local source, destination = innermost(ADDRESSES[family][1]), innermost(ADDRESSES[family][2])
  if not keys[identifier] or not source or not destination then return nil end
  local message, first = tvb:raw(), HEADER_BYTES + 1
  local value = message:sub(first, first + length - 1)
  local covered = source .. destination .. message:sub(1, HEADER_BYTES) .. ("\0"):rep(length) .. message:sub(first + length)
  return signatures.is_made_by(keys[identifier], covered, value)
end

-- Which Ack belongs to which message (§8.2).
-- Frames are noted when they are dissected for the first time, in their order; what that has to do with later ones is shown
-- from the second time on: in Wireshark always, in tshark with -2.

-- By frame; by sender, BootTime, tree and SN; by the first three, the highest SN that was acknowledged, by anybody and by each.
local noted, messages, highest
-- Addresses in their order, each with a number: a name that is resolved later must not make another of it.
local addresses

function hpim.init()
  noted, messages, highest, addresses = {}, {}, {}, {}
  read_keys()
end

local function number_of(address)
  local low, high = 1, #addresses + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if addresses[middle].address < address then low = middle + 1 else high = middle end
  end
  local found = addresses[low]
  if not found or found.address ~= address then
    found = { address = address, number = #addresses + 1 }
    table.insert(addresses, low, found)
  end
  return found.number
end

local function note_ack(number, by, sender, message)
  local tree = table.concat({ sender, message.neighbor_boot_time, message.tree }, "/")
  for _, key in ipairs({ tree, tree .. "/" .. by }) do highest[key] = math.max(highest[key] or 0, message.sn) end
  local sent = messages[tree .. "/" .. message.sn]
  if not sent or (sent.destination and sent.destination ~= by) then return end
  noted[number] = { acknowledges = sent.last }
  table.insert(sent.acks, number)
end

local function note_sent(number, sender, destination, message)
  local tree = table.concat({ sender, message.boot_time, message.tree }, "/")
  local key = tree .. "/" .. message.sn
  local sent = messages[key]
  if not sent then
    sent = { first = number, destination = destination, sn = message.sn, acks = {} }
    sent.heard = destination and tree .. "/" .. destination or tree
    messages[key] = sent
  end
  sent.last = number
  noted[number] = { sent = sent, repeats = sent.first < number and sent.first or nil }
end

local function note(pinfo, message)
  if not message.sn then return end
  local source, destination = number_of(pinfo.net_src), number_of(pinfo.net_dst)
  if message.type == ACK then return note_ack(pinfo.number, source, destination, message) end
  local is_unicast = message.type == INTEREST or message.type == NO_INTEREST
  note_sent(pinfo.number, source, is_unicast and destination or nil, message)
end

local function show_relations(root, pinfo)
  local relation = noted[pinfo.number]
  if not relation then return end
  if relation.acknowledges then root:add(fields.acknowledges, relation.acknowledges):set_generated() end
  if relation.repeats then root:add(fields.repeats, relation.repeats):set_generated() end
  local sent = relation.sent
  if not sent then return end
  for _, number in ipairs(sent.acks) do root:add(fields.acknowledged_in, number):set_generated() end
  if pinfo.visited and (highest[sent.heard] or -1) < sent.sn then
    root:add_proto_expert_info(experts.unacknowledged)
  end
end

-- Bodies (§2.2). Each function adds its fields to `root`, and puts what others need into `message`, or returns why not.

-- Where the next field is.
local function cursor(tvb, at, family)
  return { tvb = tvb, at = at, family = family, address_bytes = family == 4 and 4 or 16 }
end

local function left(from) return from.tvb:captured_len() - from.at end

local function take(from, count)
  local range = from.tvb(from.at, count)
  from.at = from.at + count
  return range
end

local function add_u32(root, field, from)
  local range = take(from, 4)
  root:add(field, range)
  return range:uint()
end

-- As RFC 5952 has it. Wireshark's own texts may be names.
local function address_text(bytes)
  if #bytes == 4 then return table.concat({ bytes:byte(1, 4) }, ".") end
  local text = ":" .. bytes:gsub("..", function(two) return ("%x:"):format(256 * two:byte(1) + two:byte(2)) end)
  for count = 8, 2, -1 do
    local zeros = (":0"):rep(count) .. ":"
    local at = text:find(zeros, 1, true)
    if at then
      text = text:sub(1, at - 1) .. "::" .. text:sub(at + #zeros)
      break
    end
  end
  return (text:gsub("^:([^:])", "%1"):gsub("([^:]):$", "%1"))
end

-- Source and group: added, as bytes, and for people.
local function add_tree(root, from)
  local text, bytes = {}, {}
  for i, as in ipairs(tree_fields) do
    local range = take(from, from.address_bytes)
    bytes[i] = range:raw()
    text[i] = address_text(bytes[i])
    root:add(as.text, range, text[i])
    root:add(as[from.family], range):set_hidden()
  end
  return table.concat(bytes), ("(%s, %s)"):format(text[1], text[2])
end

local OPTIONS = {
  { name = "HoldTime", field = fields.hold_time, bytes = 2 },
  { name = "CheckpointSN", field = fields.checkpoint_sn, bytes = 4 },
  { name = "HoldTimeMillis", field = fields.hold_time_millis, bytes = 4 },
}

local function add_options(root, from, message)
  local seen = {}
  while left(from) > 0 do
    if left(from) < 4 then return "truncated option" end
    local kind, length = take(from, 2):uint(), take(from, 2):uint()
    if left(from) < length then return "truncated option" end
    local option = OPTIONS[kind]
    if option then
      if length ~= option.bytes then return "option of wrong length" end
      if seen[kind] then return "repeated option" end
      local range = take(from, length)
      seen[kind] = range:uint()
      root:add(option.field, range)
      message.info = ("%s %s %d"):format(message.info, option.name, seen[kind])
    else
      root:add(from.tvb(from.at - 4, 4 + length), ("Option of unknown type %d, %d bytes"):format(kind, length))
      take(from, length)
    end
  end
  message.has_hold_time = seen[1] ~= nil
end

local function add_hello(root, from, message)
  local fault = add_options(root, from, message)
  if fault then return fault end
  if not message.has_hold_time then return "no HoldTime" end
end

local function add_entries(root, from, message)
  local entry_bytes, count = 2 * from.address_bytes + 8, 0
  while left(from) >= entry_bytes do
    local entry = root:add(hpim, from.tvb(from.at, entry_bytes))
    local _, text = add_tree(entry, from)
    local preference, metric = add_u32(entry, fields.preference, from), add_u32(entry, fields.metric, from)
    entry:set_text(("%s, RPC %d/%d"):format(text, preference, metric))
    count = count + 1
  end
  message.info = ("%s trees: %d"):format(message.info, count)
  if left(from) > 0 then return "truncated Sync entry" end
end

local function add_sync(root, from, message)
  add_u32(root, fields.my_ssn, from)
  add_u32(root, fields.neighbor_ssn, from)
  add_u32(root, fields.neighbor_boot_time, from)
  local flags = take(from, 4)
  for _, name in ipairs({ "master", "more", "sync_sn" }) do root:add(fields[name], flags) end
  local is_leader, more = flags:bitfield(0, 1) == 1, flags:bitfield(1, 1) == 1
  message.info = ("%s SyncSN %d %s"):format(message.info, flags:bitfield(2, 30), is_leader and "leader" or "not leader")
  return (more and add_entries or add_options)(root, from, message)
end

local function add_tree_message(root, from, message)
  local text
  message.tree, text = add_tree(root, from)
  message.sn = add_u32(root, fields.sn, from)
  message.info = ("%s %s SN %d"):format(message.info, text, message.sn)
  if message.type ~= I_AM_UPSTREAM then return end
  local preference, metric = add_u32(root, fields.preference, from), add_u32(root, fields.metric, from)
  message.info = ("%s RPC %d/%d"):format(message.info, preference, metric)
end

local function add_ack(root, from, message)
  local text
  message.tree, text = add_tree(root, from)
  message.neighbor_boot_time = add_u32(root, fields.neighbor_boot_time, from)
  add_u32(root, fields.neighbor_ssn, from)
  add_u32(root, fields.my_ssn, from)
  message.sn = add_u32(root, fields.sn, from)
  message.info = ("%s %s SN %d"):format(message.info, text, message.sn)
end

-- How many addresses a body begins with, and the bytes of its other fixed fields.
local BODIES = {
  [HELLO] = { add = add_hello, addresses = 0, bytes = 0 },
  [SYNC] = { add = add_sync, addresses = 0, bytes = 16 },
  [I_AM_UPSTREAM] = { add = add_tree_message, addresses = 2, bytes = 12 },
  [I_AM_NO_LONGER_UPSTREAM] = { add = add_tree_message, addresses = 2, bytes = 4 },
  [INTEREST] = { add = add_tree_message, addresses = 2, bytes = 4 },
  [NO_INTEREST] = { add = add_tree_message, addresses = 2, bytes = 4 },
  [ACK] = { add = add_ack, addresses = 2, bytes = 16 },
}

-- Header and body.

local function show_signature(root, tvb, family, identifier, length)
  for _, problem in ipairs(key_problems) do
    if not problem.identifier or problem.identifier == identifier then
      root:add_proto_expert_info(experts.bad_key, problem.why)
    end
  end
  local right = is_right(tvb, family, identifier, length)
  if right == nil then return end
  root:add(fields.security_valid, right):set_generated()
  if not right then root:add_proto_expert_info(experts.wrong_signature) end
end

-- Adds all that there is to `root`; a message, or why it is malformed, in the order in which the daemon looks (§2.1, §3).
local function add_message(root, tvb, family)
  if tvb:captured_len() < tvb:reported_len() then return nil, "cut by the capture" end
  if tvb:captured_len() < HEADER_BYTES then return nil, "too short" end
  local message = { boot_time = tvb(0, 4):uint(), type = tvb(4, 1):bitfield(4, 4) }
  local identifier, length = tvb(5, 2):uint(), tvb(7, 1):uint()
  root:add(fields.boot_time, tvb(0, 4))
  root:add(fields.version, tvb(4, 1))
  root:add(fields.type, tvb(4, 1))
  root:add(fields.security_id, tvb(5, 2))
  root:add(fields.security_length, tvb(7, 1))
  if HEADER_BYTES + length > tvb:captured_len() then return nil, "truncated security value" end
  if length > 0 then
    root:add(fields.security_value, tvb(HEADER_BYTES, length))
    show_signature(root, tvb, family, identifier, length)
  end
  if tvb(4, 1):bitfield(0, 4) ~= 0 then return nil, "unknown version" end
  local body = BODIES[message.type]
  if not body then return nil, "unknown type" end
  message.info = TYPES[message.type]
  local from = cursor(tvb, HEADER_BYTES + length, family)
  if left(from) < body.addresses * from.address_bytes + body.bytes then return nil, "too short" end
  local fault = body.add(root, from, message)
  return message, fault
end

-- Addresses of IPv6 are greater than all of IPv4. Neither names nor fields would do: the ones may be resolved, and there are
-- none of the others where Wireshark builds no tree.
local HIGHEST_IPV4 = Address.ip("255.255.255.255")

-- PIM has the same protocol number. Its version is where HPIM-DM has the first bits of a BootTime, which were 2 from 1987 to
-- 1995: so it goes to whoever was asked for this number before.
local protocols = DissectorTable.get("ip.proto")
local pim = protocols:get_dissector(HPIM_DM_PROTOCOL)

function hpim.dissector(tvb, pinfo, tree)
  if pim and tvb:captured_len() > 0 and tvb(0, 1):bitfield(0, 4) == PIM_VERSION then
    return pim:call(tvb, pinfo, tree)
  end
  pinfo.cols.protocol:set("HPIM-DM")
  local root = tvb:captured_len() > 0 and tree:add(hpim, tvb()) or tree:add(hpim)
  local family = HIGHEST_IPV4 < pinfo.net_src and 6 or 4
  local message, fault = add_message(root, tvb, family)
  if fault then
    pinfo.cols.info:set("Malformed: " .. fault)
    root:add(fields.malformed, fault):set_generated()
    root:add_proto_expert_info(experts.malformed, "Malformed: " .. fault)
    return tvb:captured_len()
  end
  pinfo.cols.info:set(message.info)
  root:append_text(", " .. message.info)
  if not pinfo.visited then note(pinfo, message) end
  show_relations(root, pinfo)
  return tvb:captured_len()
end

protocols:add(HPIM_DM_PROTOCOL, hpim)
