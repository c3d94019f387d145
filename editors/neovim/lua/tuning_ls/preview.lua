-- `:TuningLs preview`: the example at the cursor as a conversation. `:TuningLs play`: its recording in a player.

local tuning_ls = require('tuning_ls')

local M = {}

--- The player by default. `{start}` and `{end}` are seconds; an argument with one that is not set is left out.
local PLAYER = { 'mpv', '--start={start}', '--end={end}', '--', '{file}' }

local function tell(message, level)
  vim.notify('tuning-ls: ' .. message, level or vim.log.levels.INFO)
end

--- Requests the conversation at the cursor. `take` gets it if there is one.
local function ask(take)
  local client = tuning_ls.client(0)
  if not client then
    return tell('no server is attached to this buffer; see `:checkhealth tuning_ls`', vim.log.levels.WARN)
  end
  local buffer = vim.api.nvim_get_current_buf()
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local function done(problem, preview)
    if problem then
      tell(problem.message, vim.log.levels.ERROR)
    elseif type(preview) == 'table' then
      take(preview)
    else
      tell('there is no example here')
    end
  end
  tuning_ls.request(client, 'tuning-ls/preview', params, done, buffer)
end

--- A value of an answer, `nil` for JSON's `null`.
local function value(field)
  return field ~= vim.NIL and field or nil
end

--- Seconds as `1:05`, with a fraction only if there is one.
local function clock(seconds)
  return (('%d:%06.3f'):format(math.floor(seconds / 60), seconds % 60):gsub('%.?0+$', ''))
end

--- The lines of a media file.
local function media_lines(part)
  local lines = { value(part.location) or part.name }
  local first, last = value(part.start), value(part['end'])
  if first or last then
    table.insert(lines, ('from %s to %s'):format(clock(first or 0), last and clock(last) or 'the end'))
  end
  return lines
end

--- The conversation as lines, and the highlights of some of them: the line, counted from 0, and its group.
local function rendered(preview)
  local lines, marks = {}, {}
  local function add(text, group)
    for _, line in ipairs(vim.split(text, '\n')) do
      table.insert(lines, line)
      if group then
        table.insert(marks, { #lines - 1, group })
      end
    end
  end
  add(('Example %d of %d'):format(preview.number, preview.count), 'Title')
  for _, turn in ipairs(preview.turns) do
    add('')
    local role = turn.role ~= '' and turn.role or value(turn.speaker) or 'no role'
    add(value(turn.note) and ('%s (%s)'):format(role, turn.note) or role, 'Statement')
    for _, part in ipairs(turn.parts) do
      if part.kind == 'media' then
        add(table.concat(media_lines(part), '\n'), 'Directory')
      elseif part.kind == 'call' or part.kind == 'result' then
        add((part.kind == 'call' and 'calls ' or 'result of ') .. (part.name or ''), 'Function')
        add(part.text)
      else
        add(part.text, part.kind == 'thought' and 'Comment' or nil)
      end
    end
  end
  return lines, marks
end

--- Shows the conversation in a window that closes when the cursor moves. Called again, the cursor goes there.
function M.preview()
  ask(function(preview)
    local lines, marks = rendered(preview)
    local options = { border = 'rounded', focus_id = 'tuning-ls-preview', wrap = true, max_width = 100 }
    local buffer = vim.lsp.util.open_floating_preview(lines, '', options)
    local space = vim.api.nvim_create_namespace('tuning-ls-preview')
    for _, mark in ipairs(marks) do
      vim.api.nvim_buf_set_extmark(buffer, space, mark[1], 0, { end_row = mark[1] + 1, hl_group = mark[2] })
    end
  end)
end

--- The recordings of an example.
local function recordings(preview)
  local found = {}
  for _, turn in ipairs(preview.turns) do
    for _, part in ipairs(turn.parts) do
      if part.kind == 'media' and (part.media == 'video' or part.media == 'audio') then
        table.insert(found, part)
      end
    end
  end
  return found
end

--- Runs the player for a recording.
local function run(part)
  local location = value(part.location) or ''
  local file = value(part.file) and vim.uri_to_fname(part.file) or (location:match('^[Hh][Tt][Tt][Pp][Ss]?://') and location)
  if not file then
    return tell('there is no local copy of ' .. part.name .. '; `media.mirror` in tuning-ls.toml names the folder', vim.log.levels.WARN)
  end
  local values = { file = file, start = value(part.start), ['end'] = value(part['end']) }
  local command = {}
  for _, argument in ipairs(tuning_ls.options().player or PLAYER) do
    local is_complete = true
    local text = argument:gsub('{(%l+)}', function(name)
      is_complete = is_complete and values[name] ~= nil
      return values[name] and tostring(values[name]) or ''
    end)
    if is_complete then
      table.insert(command, text)
    end
  end
  if vim.fn.executable(command[1]) == 0 then
    return tell(('`%s` is not installed; `vim.g.tuning_ls.player` names another player'):format(command[1]), vim.log.levels.WARN)
  end
  vim.system(command, { detach = true })
end

--- Plays the recording of the example at the cursor, or the one of several that the user picks.
function M.play()
  ask(function(preview)
    local found = recordings(preview)
    if #found == 0 then
      return tell('this example has no video or audio file')
    elseif #found == 1 then
      return run(found[1])
    end
    local function format(part)
      return part.name
    end
    vim.ui.select(found, { prompt = 'Which one?', format_item = format }, function(part)
      if part then
        run(part)
      end
    end)
  end)
end

return M
