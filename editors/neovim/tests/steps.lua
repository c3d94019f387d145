-- Steps that the tests have in common.

local M = {}

function M.same(a, b, what)
  if not vim.deep_equal(a, b) then
    error(('%s\nis        %s\nshould be %s'):format(what or 'not the same', vim.inspect(a), vim.inspect(b)), 2)
  end
end

function M.has(text, part)
  if not text:find(part, 1, true) then
    error(('no %q in\n%s'):format(part, text), 2)
  end
end

--- Puts the cursor on the first finding of a code.
function M.go_to(child, findings, code)
  for _, found in ipairs(findings) do
    if found.code == code then
      child:lua('vim.api.nvim_win_set_cursor(0, { ... })', found.lnum + 1, found.col)
      return found
    end
  end
  error('no finding ' .. code, 2)
end

--- Waits for a floating window and returns its text.
function M.floating(child)
  return child:await([[(function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
      end
    end
  end)()]])
end

return M
