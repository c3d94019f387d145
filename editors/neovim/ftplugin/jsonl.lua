require('tuning_ls').keep_lines(0)
vim.b.undo_ftplugin = (vim.b.undo_ftplugin and vim.b.undo_ftplugin .. ' | ' or '') .. 'setlocal textwidth< wrapmargin<'
