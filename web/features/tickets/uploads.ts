import { type ClipboardEvent, type DragEvent, useState } from 'react'
import { upload } from '../../kernel/call.ts'
import { toastProblem } from '../../ui/Toast.tsx'

/** Files for a message to come: picked, dropped, pasted or photographed. Kept by the server for 24 hours. */
export type Attached = { id: string; name: string; size: number; mediaType: string }

export function useUploads(first: readonly Attached[] = []) {
  const [files, setFiles] = useState<readonly Attached[]>(first)
  const [busy, setBusy] = useState(0)
  const [over, setOver] = useState(false)
  const add = async (list: Iterable<File>) => {
    const picked = [...list]
    if (picked.length === 0) return
    setBusy((n) => n + picked.length)
    try {
      const { items } = await upload(picked)
      setFiles((now) => [...now, ...items])
    } catch (cause) {
      toastProblem(cause)
    } finally {
      setBusy((n) => n - picked.length)
    }
  }
  return {
    files,
    busy,
    /** A file is held over the field right now. */
    over,
    add,
    set: setFiles,
    remove: (id: string) => setFiles((now) => now.filter((f) => f.id !== id)),
    /** For the element that files may be dropped and pasted into. */
    target: {
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      },
      onDragLeave: () => setOver(false),
      onDrop: (event: DragEvent) => {
        if (event.dataTransfer.files.length === 0) return
        event.preventDefault()
        setOver(false)
        void add(event.dataTransfer.files)
      },
      onPaste: (event: ClipboardEvent) => {
        if (event.clipboardData.files.length === 0) return
        event.preventDefault()
        void add(event.clipboardData.files)
      },
    },
  }
}
export type Uploads = ReturnType<typeof useUploads>
