-- Finds the server's program.

local M = {}

--- @class tuning_ls.Server
--- @field cmd string[] The command that starts it.
--- @field origin string Where it was found, as text for the user.

local told = false

--- The server in the checkout that this plugin is part of, if it has been built there.
local function built()
  local here = debug.getinfo(1, 'S').source:gsub('^@', '')
  local checkout = vim.fn.fnamemodify(vim.fn.resolve(here), ':p:h:h:h:h:h')
  local program = vim.fs.joinpath(checkout, 'target', 'release', vim.fn.has('win32') == 1 and 'tuning-ls.exe' or 'tuning-ls')
  return vim.fn.executable(program) == 1 and program or nil
end

--- The server: the configured one, the one on the PATH, or the one built in the plugin's checkout, in this order.
--- @return tuning_ls.Server?
function M.find()
  local set = require('tuning_ls').options().cmd
  if set then
    return { cmd = type(set) == 'table' and set or { set }, origin = 'vim.g.tuning_ls.cmd' }
  end
  local configured = vim.lsp.enable and vim.lsp.config.tuning_ls.cmd
  if type(configured) == 'table' then
    return { cmd = configured, origin = 'vim.lsp.config' }
  end
  local path = vim.fn.exepath('tuning-ls')
  if path ~= '' then
    return { cmd = { path, 'serve' }, origin = 'the PATH' }
  end
  local program = built()
  return program and { cmd = { program, 'serve' }, origin = "the plugin's checkout" }
end

--- Whether there is a server to start. If not, shows one message with the next step.
function M.is_there()
  local server = M.find()
  if server and vim.fn.executable(server.cmd[1]) == 1 then
    return true
  end
  if not told then
    told = true
    local missing = server and ('%s (%s) cannot be run'):format(server.cmd[1], server.origin) or 'the server is not installed'
    vim.notify(('tuning-ls: %s; see `:checkhealth tuning_ls`'):format(missing), vim.log.levels.WARN)
  end
  return false
end

--- Allows the message that there is no server to be shown again.
function M.forget()
  told = false
end

--- Runs the program with `--version`. Returns the version, or a problem.
--- @param server tuning_ls.Server
--- @return string? version, string? problem
function M.version(server)
  local ok, done = pcall(function()
    return vim.system({ server.cmd[1], '--version' }, { text = true, timeout = 20000 }):wait()
  end)
  if not ok or done.code ~= 0 then
    return nil, 'it cannot be run: ' .. vim.trim(ok and (done.stderr or '') or tostring(done))
  end
  local version = (done.stdout or ''):match('^tuning%-ls (%d+%.%d+%.%d+%S*)')
  return version, not version and ('it is not tuning-ls: its --version prints "%s"'):format(vim.trim(done.stdout or '')) or nil
end

return M
