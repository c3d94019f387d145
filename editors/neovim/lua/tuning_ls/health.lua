-- `:checkhealth tuning_ls`: whether the server is installed, and why a dataset is not checked.

local tuning_ls = require('tuning_ls')
local server = require('tuning_ls.server')

local M = {}

--- Plugins that change the type of big files or detach language clients from them, and how to configure them.
local BIG_FILES = {
  {
    name = 'snacks.nvim',
    is_there = function()
      return package.loaded['snacks.bigfile'] ~= nil or (_G.Snacks and Snacks.config and (Snacks.config.bigfile or {}).enabled)
    end,
    advice = 'it gives them the type `bigfile`. tuning-ls still attaches. To keep the type, raise `bigfile.size` and `bigfile.line_length` in its options',
  },
  {
    name = 'bigfile.nvim',
    is_there = function()
      return package.loaded['bigfile'] ~= nil
    end,
    advice = "it detaches every language client from them. Leave `'lsp'` out of its `features`, or exclude `*.jsonl` with its `pattern`",
  },
}

local function check_program()
  vim.health.start('tuning-ls: the server')
  local found = server.find()
  if not found then
    vim.health.error('no program `tuning-ls` on the PATH', {
      'Install it: `cargo install --path .` in a checkout of tuning-ls',
      "Or set its path: `vim.g.tuning_ls = { cmd = { '/path/to/tuning-ls', 'serve' } }`",
    })
    return
  end
  local version, problem = server.version(found)
  if version then
    vim.health.ok(('version %s, from %s: %s'):format(version, found.origin, found.cmd[1]))
  else
    vim.health.error(('%s, from %s: %s'):format(found.cmd[1], found.origin, problem))
  end
end

local function check_client()
  vim.health.start('tuning-ls: the client')
  local version = vim.version()
  vim.health.ok(('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch))
  if vim.lsp.is_enabled and not vim.lsp.is_enabled('tuning_ls') then
    vim.health.warn('the client is switched off', { "`vim.lsp.enable('tuning_ls')`" })
  end
  local clients = vim.lsp.get_clients({ name = 'tuning_ls' })
  for _, client in ipairs(clients) do
    local encoding = client.offset_encoding or 'utf-16'
    vim.health.ok(('client %d is running, with %s; root: %s'):format(client.id, encoding, client.config.root_dir or 'none'))
  end
  if #clients == 0 then
    vim.health.info('no client is running; opening a dataset starts one')
  end
  vim.health.info('log: ' .. (vim.lsp.log and vim.lsp.log.get_filename() or vim.lsp.get_log_path()))
end

--- Why a buffer with the name of a dataset has no client.
local function reason(buffer)
  if tuning_ls.is_view(buffer) then
    return 'it is a view of another plugin, not a file'
  elseif not tuning_ls.is_wanted(buffer) then
    return '`vim.g.tuning_ls.enabled` excludes it'
  elseif vim.lsp.is_enabled and not vim.lsp.is_enabled('tuning_ls') then
    return 'the client is switched off'
  elseif not server.find() then
    return 'there is no server'
  elseif #tuning_ls.clients(buffer) > 0 then
    return 'the server is still starting; see `:TuningLs showLog`'
  end
  return 'the server has ended (see `:TuningLs showLog`), or another plugin has detached it'
end

local function check_buffers()
  vim.health.start('tuning-ls: open datasets')
  local any = false
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(buffer)
    local named = name:match('%.jsonl$') or name:match('%.ndjson$')
    if vim.api.nvim_buf_is_loaded(buffer) and (named or tuning_ls.is_dataset(buffer)) then
      any = true
      local shown = ('%s (filetype %s)'):format(vim.fn.fnamemodify(name, ':~:.'), vim.bo[buffer].filetype)
      if tuning_ls.client(buffer) then
        vim.health.ok(('%s is attached, with %d findings'):format(shown, #vim.diagnostic.get(buffer)))
      else
        vim.health.warn(('%s is not attached: %s'):format(shown, reason(buffer)))
      end
    end
  end
  if not any then
    vim.health.info('none')
  end
end

local function check_big_files()
  vim.health.start('tuning-ls: plugins for big files')
  local any = false
  for _, plugin in ipairs(BIG_FILES) do
    if plugin.is_there() then
      any = true
      vim.health.warn(('%s is installed; it often treats datasets as big files'):format(plugin.name), { plugin.advice })
    end
  end
  if not any then
    vim.health.ok('no known ones')
  end
end

function M.check()
  check_program()
  check_client()
  check_buffers()
  check_big_files()
end

return M
