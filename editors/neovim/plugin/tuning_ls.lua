-- Runs at every start of Neovim, so it does little. No server starts before a dataset is opened.

if vim.g.loaded_tuning_ls then
  return
end
vim.g.loaded_tuning_ls = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.notify('tuning-ls needs Neovim 0.10 or later', vim.log.levels.WARN)
  return
end

vim.api.nvim_create_user_command('TuningLs', function(command)
  require('tuning_ls.commands').run(command.fargs)
end, {
  nargs = '+',
  desc = 'Commands of tuning-ls',
  complete = function(_, line)
    return require('tuning_ls.commands').complete(line)
  end,
})

local group = vim.api.nvim_create_augroup('tuning_ls', {})
local function on(events, pattern, run)
  vim.api.nvim_create_autocmd(events, { group = group, pattern = pattern, callback = run })
end
local function attach(event)
  vim.schedule(function()
    require('tuning_ls').attach(event.buf)
  end)
end

-- Neovim 0.11 starts the server by itself on FileType. This does it for older versions, and in all versions for files
-- without a FileType event, because plugins for big files suppress it.
on({ 'BufReadPost', 'BufNewFile' }, { '*.jsonl', '*.ndjson' }, attach)
if vim.lsp.enable then
  vim.lsp.enable('tuning_ls')
else
  on('FileType', '*', attach)
end

-- Many findings arrive at once while text is typed.
local timers = {}
local function update_status(event)
  local buffer = event.buf
  if timers[buffer] or #require('tuning_ls').clients(buffer) == 0 then
    return
  end
  timers[buffer] = vim.defer_fn(function()
    timers[buffer] = nil
    require('tuning_ls').update_status(buffer)
  end, 150)
end
on({ 'DiagnosticChanged', 'LspAttach', 'BufDelete' }, '*', update_status)

on('LspAttach', '*', function(event)
  local client = vim.lsp.get_client_by_id(event.data.client_id)
  if client and client.name == 'tuning_ls' then
    require('tuning_ls').keep_lines(event.buf)
    if vim.lsp.completion then
      -- Without this, Neovim inserts the name of a snippet instead of the snippet. No menu opens by itself.
      vim.lsp.completion.enable(true, client.id, event.buf, { autotrigger = false })
    end
  end
end)
