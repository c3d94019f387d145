-- A Neovim that a test drives like a user: with the plugin on its runtime path, no other configuration, and its own
-- folder.

local Child = {}
Child.__index = Child

--- How long to wait for anything, in milliseconds. Test machines can be slow.
local PATIENCE = 30000

local root = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:gsub('^@', ''), ':p:h:h')

--- Runs first in the child: records the messages that a user would see, and makes the choices of a user.
local SEEN = [[
  _G.messages = {}
  vim.notify = function(message) table.insert(_G.messages, message) end
  vim.ui.select = function(items, options, choose)
    _G.offered = vim.tbl_map(options.format_item or tostring, items)
    for index, text in ipairs(_G.offered) do
      if not _G.choice or text:find(_G.choice, 1, true) then return choose(items[index], index) end
    end
    choose(nil)
  end
]]

--- Starts Neovim in a copy of the fixtures. `before` runs before the plugin is loaded. `path` replaces the PATH. `apart`
--- copies the plugin out of its checkout, which may contain a built server. Throws if Neovim does not start.
--- @param options? { files?: string[], before?: string, path?: string, apart?: boolean }
function Child.start(options)
  options = options or {}
  local self = setmetatable({}, Child)
  self.folder = vim.fn.tempname()
  local fixtures = vim.fn.fnamemodify(root, ':h:h') .. '/fixtures/datasets'
  vim.fn.mkdir(self.folder .. '/home', 'p')
  for name in vim.fs.dir(fixtures) do
    vim.uv.fs_copyfile(fixtures .. '/' .. name, self.folder .. '/' .. name)
  end
  local plugin = root
  if options.apart then
    plugin = self.folder .. '/plugin'
    assert(vim.system({ 'cp', '-r', root, plugin }):wait().code == 0)
  end
  local command = { vim.v.progpath, '--clean', '-n', '--embed', '--headless', '--cmd', 'lua ' .. SEEN }
  vim.list_extend(command, { '--cmd', 'set runtimepath^=' .. vim.fn.fnameescape(plugin) })
  vim.list_extend(command, options.before and { '--cmd', options.before } or {})
  vim.list_extend(command, options.files or {})
  local home = self.folder .. '/home'
  self.channel = vim.fn.jobstart(command, {
    rpc = true,
    cwd = self.folder,
    env = {
      HOME = home,
      PATH = options.path or vim.env.TUNING_LS_FOLDER .. ':' .. vim.env.PATH,
      XDG_CACHE_HOME = home,
      XDG_CONFIG_HOME = home,
      XDG_DATA_HOME = home,
      XDG_STATE_HOME = home,
    },
  })
  assert(self.channel > 0, 'Neovim cannot be started')
  self.process = vim.fn.jobpid(self.channel)
  local entered, problem = pcall(self.await, self, 'vim.v.vim_did_enter == 1')
  if not entered then
    self:stop()
    error(problem, 0)
  end
  return self
end

--- Runs Lua code in the child, with these arguments.
function Child:lua(code, ...)
  return vim.rpcrequest(self.channel, 'nvim_exec_lua', code, { ... })
end

function Child:command(command)
  return vim.rpcrequest(self.channel, 'nvim_command', command)
end

--- Types keys (with names such as `<Esc>`) without waiting.
function Child:type(keys)
  vim.rpcrequest(self.channel, 'nvim_input', keys)
end

--- Waits until a Lua expression is true, and returns its value.
function Child:await(code, ...)
  local value
  local arguments = { ... }
  local held = vim.wait(PATIENCE, function()
    -- While Neovim waits for a key, a request would block until it gets one.
    if vim.rpcrequest(self.channel, 'nvim_get_mode').blocking then
      return false
    end
    value = self:lua('return ' .. code, unpack(arguments))
    return value ~= nil and value ~= false and value ~= vim.NIL
  end, 20)
  if not held then
    error(('timed out waiting for %s; messages: %s'):format(code, vim.inspect(self:lua('return _G.messages'))), 2)
  end
  return value
end

--- Opens a file of the folder in a single window.
function Child:edit(name)
  self:command('only! | edit ' .. vim.fn.fnameescape(name))
end

function Child:attached()
  return self:await("#vim.lsp.get_clients({ name = 'tuning_ls', bufnr = 0 }) == 1")
end

--- The text of the buffer in view.
function Child:text()
  return table.concat(self:lua('return vim.api.nvim_buf_get_lines(0, 0, -1, false)'), '\n') .. '\n'
end

--- The text of a file of the folder.
function Child:file(name)
  return table.concat(vim.fn.readfile(self.folder .. '/' .. name), '\n') .. '\n'
end

--- Waits until a finding with this code exists, or is absent; returns all findings.
function Child:findings(code, absent)
  self:await(
    [[(function(code, absent)
      local found = vim.diagnostic.get(0)
      local there = false
      for _, one in ipairs(found) do there = there or one.code == code end
      return there ~= absent
    end)(...)]],
    code,
    absent or false
  )
  -- Some fields cannot be sent between two Neovim processes.
  return self:lua([[
    return vim.tbl_map(function(one)
      return { lnum = one.lnum, col = one.col, end_col = one.end_col, severity = one.severity, code = one.code, source = one.source }
    end, vim.diagnostic.get(0))
  ]])
end

--- The findings of `tuning-ls check` as `line:column severity code`, 1-based, sorted.
function Child:on_command_line(name)
  local done = vim.system({ vim.env.TUNING_LS_SERVER, 'check', name }, { cwd = self.folder, text = true }):wait()
  assert(done.code <= 1, done.stderr)
  local found = {}
  for line, column, severity, code in done.stdout:gmatch('[^\n]-:(%d+):(%d+): (%a+)%[([%w-]+)%]') do
    table.insert(found, ('%s:%s %s %s'):format(line, column, severity, code))
  end
  table.sort(found)
  return found
end

--- The findings of a buffer in the same form.
function Child.listed(findings)
  local severities = { 'error', 'warning', 'information', 'hint' }
  local listed = vim.tbl_map(function(one)
    return ('%d:%d %s %s'):format(one.lnum + 1, one.col + 1, severities[one.severity], one.code)
  end, findings)
  table.sort(listed)
  return listed
end

function Child:stop()
  pcall(vim.fn.chanclose, self.channel)
  vim.fn.jobstop(self.channel)
  vim.fn.jobwait({ self.channel }, PATIENCE)
  vim.fn.delete(self.folder, 'rf')
end

return Child
