-- Events as a server SDK sends them; every message id is new. Arguments: key (base64 of "key:"), events a request
-- (0: single calls), users, a prefix for message ids.
local key, size, users, run
local number = 0

function init(arguments)
  key, size, users, run = arguments[1], tonumber(arguments[2]), tonumber(arguments[3]), arguments[4]
  -- Another run sends to other users first, or most would never be met.
  math.randomseed(tonumber(run, 16) % 2147483647)
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Basic " .. key
  wrk.headers["Content-Type"] = "application/json"
end

local function event()
  number = number + 1
  return '{"type":"track","event":"Product Viewed","userId":"user-' .. math.random(users) ..
    '","anonymousId":null,"messageId":"' .. string.format("%s-%012d", run, number) ..
    '","timestamp":"' .. os.date("!%Y-%m-%dT%H:%M:%SZ") ..
    '","properties":{"product_id":"sku-' .. (number % 997) ..
    '","name":"Jasmine tea, 100 g","category":"tea/green","brand":"Leaf & Co","price":12.50,"currency":"CNY",' ..
    '"quantity":1,"position":3,"list":"home recommendations","in_stock":true},' ..
    '"context":{"library":{"name":"analytics-python","version":"2.4.0"},"locale":"zh-CN"},"integrations":{}}'
end

function request()
  if size == 0 then
    return wrk.format(nil, nil, nil, event())
  end
  local events = {}
  for i = 1, size do events[i] = event() end
  return wrk.format(nil, nil, nil, '{"batch":[' .. table.concat(events, ",") .. ']}')
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"rate":%.1f,"p50_ms":%.2f,"p99_ms":%.2f,"errors":%d}\n', summary.requests,
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
