;;; journey.el --- What an author of datasets does, in a real Emacs  -*- lexical-binding: t; -*-

;; usage: emacs -Q --batch -l tuning-ls.el -l journey.el FOLDER

(require 'ert)
(require 'flymake)

(defvar journey-hook jsonl-mode-hook "The hook as tuning-ls.el sets it.")

(setq eglot-sync-connect 60
      eglot-confirm-server-edits nil
      make-backup-files nil
      ;; The hook starts the server from an idle timer, which batch mode never runs.
      jsonl-mode-hook nil)

(defvar journey-folder (file-name-as-directory (car command-line-args-left)))
(setq command-line-args-left nil)

(defun journey-await (what predicate)
  "Wait until PREDICATE returns a value, and return it.  WHAT describes it."
  (let ((end (+ (float-time) 60)) value)
    (while (and (not (setq value (funcall predicate))) (< (float-time) end))
      (accept-process-output nil 0.02)
      ;; Batch mode runs no idle timers, so this does their work.
      (when (eglot-managed-p)
        (eglot--signal-textDocument/didChange)
        (flymake-start)))
    (or value (error "Timed out: %s" what))))

(defmacro journey-in (name &rest body)
  "Open the file NAME with its server, run BODY, and close the file unsaved."
  (declare (indent 1))
  `(with-current-buffer (find-file-noselect (concat journey-folder ,name))
     (unwind-protect
         (progn
           (apply #'eglot (eglot--guess-contact))
           (buffer-enable-undo)
           (goto-char (point-min))
           ,@body)
       (set-buffer-modified-p nil)
       (when (eglot-current-server) (eglot-shutdown (eglot-current-server)))
       (kill-buffer))))

(defun journey-found (code)
  "The finding of CODE, if there is one."
  (seq-find (lambda (found) (string-match-p (regexp-quote (format "[%s]" code)) (flymake-diagnostic-text found)))
            (flymake-diagnostics)))

(defun journey-text () (buffer-substring-no-properties (point-min) (point-max)))

(defun journey-line (number)
  (nth (1- number) (split-string (journey-text) "\n")))

(ert-deftest a-dataset-is-checked-and-fixed-and-the-fix-undone ()
  (journey-in "video-broken.jsonl"
    (should (eq major-mode 'jsonl-mode))
    (let ((before (journey-text))
          (comma (journey-await "the finding" (lambda () (journey-found "trailing-comma")))))
      (should (= (line-number-at-pos (flymake-diagnostic-beg comma)) 2))
      (should (equal (buffer-substring-no-properties (flymake-diagnostic-beg comma) (flymake-diagnostic-end comma)) ","))
      (goto-char (flymake-diagnostic-beg comma))
      (should (equal (tuning-ls--code-at-point) "trailing-comma"))
      (undo-boundary)
      (let ((fixes (eglot-code-actions (point) (1+ (point)) "quickfix" nil)))
        (eglot-execute (eglot-current-server) (aref (vconcat fixes) 0)))
      (journey-await "the comma is gone" (lambda () (not (journey-found "trailing-comma"))))
      (should (= (length (journey-text)) (1- (length before))))
      (undo-boundary)
      (undo)
      (should (equal (journey-text) before)))))

(ert-deftest the-mode-connects-by-itself ()
  (should (memq 'eglot-ensure journey-hook)))

(ert-deftest clean-datasets-and-logs-have-no-findings ()
  (dolist (name '("video-clean.jsonl" "service-log.jsonl"))
    (journey-in name
      ;; Insert a fault and remove it again, to know that the server has checked the file.
      (insert "[")
      (journey-await "the finding" #'flymake-diagnostics)
      (delete-char -1)
      (journey-await "no finding" (lambda () (not (flymake-diagnostics)))))))

(ert-deftest fix-all-applies-the-safe-fixes ()
  (journey-in "video-broken.jsonl"
    (journey-await "the finding" (lambda () (journey-found "trailing-comma")))
    (tuning-ls-fix-all)
    (journey-await "the comma is gone" (lambda () (not (journey-found "trailing-comma"))))
    (should-not (string-search ",}" (journey-line 2)))))

(ert-deftest normalizing-and-formatting ()
  (journey-in "video-clean.jsonl"
    (let ((clean (journey-text)))
      (dolist (tidy (list #'tuning-ls-normalize-file #'eglot-format-buffer))
        (goto-char (point-min))
        (search-forward "\n{\"contents\":")
        (replace-match "\n{ \"contents\" : ")
        (should-not (equal (journey-text) clean))
        (eglot--signal-textDocument/didChange)
        (funcall tidy)
        (should (equal (journey-text) clean))))))

(ert-deftest one-value-for-all-lines ()
  (journey-in "video-clean.jsonl"
    (let ((completing-read-function
           (lambda (_ offered &rest _)
             (seq-find (lambda (title) (string-search "MEDIUM" title)) (all-completions "" offered))))
          (last-nonmenu-event t))
      (tuning-ls-set-shared-value))
    (journey-await "the value" (lambda () (string-search "MEDIA_RESOLUTION_MEDIUM" (journey-text))))
    (should-not (string-search "MEDIA_RESOLUTION_LOW" (journey-text))))
  (should (eq (indirect-function 'tuning-ls-set-media-resolution) (indirect-function 'tuning-ls-set-shared-value))))

(ert-deftest values-are-completed-and-explained ()
  (journey-in "video-clean.jsonl"
    (goto-char (point-max))
    (insert "{\"contents\":[{\"role\":\"")
    (let ((table (nth 2 (eglot-completion-at-point))))
      (should (equal (mapcar (lambda (word) (string-trim word "\"" "\"")) (all-completions "" table)) '("user" "model"))))
    (goto-char (point-min))
    (search-forward "mediaRes")
    (let ((hover (tuning-ls--request :textDocument/hover (eglot--TextDocumentPositionParams))))
      (should (string-search "mediaResolution" (plist-get (plist-get hover :contents) :value))))))

(ert-deftest the-summary-and-the-page-of-a-rule ()
  (journey-in "video-too-long.jsonl"
    (tuning-ls-show-dataset-summary)
    (with-current-buffer "*tuning-ls summary*"
      (should (string-search "3 (15.0%): **the job fails**" (journey-text))))
    (let ((page (save-window-excursion (tuning-ls-explain-rule "drop-rate") (journey-text))))
      (should (string-prefix-p "# drop-rate" page)))))

(ert-deftest settings-are-the-servers ()
  (let ((tuning-ls-settings '(:rules (:trailing-comma "off"))))
    (journey-in "video-broken.jsonl"
      (journey-await "another finding" (lambda () (journey-found "unknown-role")))
      (should-not (journey-found "trailing-comma")))))

(message "Emacs %s" emacs-version)
(ert-run-tests-batch-and-exit)
