import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Kernel } from './context.ts'
import { Problem } from './problem.ts'
import type { FileOut, Upload } from './routes.ts'

/** Files in by multipart/form-data (RFC 7578), straight to disk; out with headers that keep them from being run (D-041). */
export async function receiveUploads(kernel: Kernel, request: FastifyRequest): Promise<Upload[]> {
  if (!request.isMultipart()) throw new Problem('media_type_refused', 'Send multipart/form-data.')
  const uploads: Upload[] = []
  for await (const part of request.files()) {
    const stored = await kernel.files.put(part.file)
    if (part.file.truncated) throw new Problem('body_too_large', `"${part.filename}" is larger than ${kernel.settings.UPLOAD_MAX_MB} MB.`)
    uploads.push({ ...stored, name: part.filename, mediaType: part.mimetype })
  }
  if (uploads.length === 0) throw new Problem('validation_failed', 'No file was sent.')
  return uploads
}

/** Only these are ever shown in place; everything else is a download. */
const rasters = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

export function sendFile(reply: FastifyReply, file: FileOut): FastifyReply {
  const inline = file.inline === true && rasters.has(file.mediaType)
  reply.header('content-disposition', `${inline ? 'inline' : 'attachment'}; ${fileName(file.name)}`)
  reply.header('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
  reply.header('cache-control', 'private, max-age=0, no-store')
  if (file.size !== undefined) reply.header('content-length', String(file.size))
  const type = inline || file.written ? file.mediaType : downloadType(file.mediaType)
  return reply.type(type).send(file.content)
}

const downloadType = (mediaType: string) =>
  /^(application\/(pdf|zip|json|octet-stream)|image\/(png|jpeg|gif|webp)|text\/(calendar|csv|plain)|message\/rfc822)$/.test(mediaType)
    ? mediaType
    : 'application/octet-stream'

/** RFC 6266 with RFC 8187: an ASCII fallback and the real name. */
function fileName(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `filename="${plain}"; filename*=UTF-8''${encoded}`
}
