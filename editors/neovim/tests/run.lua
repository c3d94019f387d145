-- Runs the tests in child processes of the same Neovim. If a child does not start, it is started once more, with a
-- message. There is no other retry.
--
-- usage: nvim -l tests/run.lua [PATTERN]

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:gsub('^@', ''), ':p:h')
package.path = here .. '/?.lua;' .. package.path
local Child = require('child')

local function say(text)
  io.stdout:write(text, '\n')
end

local function run(test)
  local started, child = pcall(Child.start, test.options)
  if not started then
    say(('  RESTARTED: %s\n    %s'):format(test.name, child))
    child = Child.start(test.options)
  end
  local ok, problem = xpcall(test.run, debug.traceback, child)
  child:stop()
  return ok, problem
end

local version = vim.version()
say(('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch))
local passed, failed = 0, 0
local tests = {}
for _, name in ipairs({ 'journey', 'writing', 'looking', 'walk' }) do
  vim.list_extend(tests, require(name))
end
for _, test in ipairs(tests) do
  if not arg[1] or test.name:find(arg[1]) then
    local start = vim.uv.hrtime()
    local ok, problem = run(test)
    say(('  %s %s (%d ms)'):format(ok and 'ok    ' or 'FAILED', test.name, (vim.uv.hrtime() - start) / 1e6))
    if ok then
      passed = passed + 1
    else
      failed = failed + 1
      say('    ' .. problem:gsub('\n', '\n    '))
    end
  end
end
say(('%d passed, %d failed'):format(passed, failed))
os.exit(failed == 0 and passed > 0 and 0 or 1)
