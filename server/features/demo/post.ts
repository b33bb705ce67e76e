import type { SendMailOptions } from 'nodemailer'
import nodemailer from 'nodemailer'
import type { Kernel } from '../../kernel/context.ts'

/** The sample people's way to the desk: the real SMTP port of this very program, as any mail server would use it. */
declare module '../../kernel/context.ts' {
  interface Outside {
    /** Where our own SMTP listener listens, once it does; the port may have been chosen by the system. */
    ownSmtp?: { host: string; port: number }
  }
}
export type OwnMail = SendMailOptions & { envelope: { from: string; to: string[] } }

export async function sendOwn(kernel: Kernel, mail: OwnMail): Promise<void> {
  const { settings, outside } = kernel
  const where = outside.ownSmtp ?? { host: settings.SMTP_HOST ?? settings.HOST, port: settings.SMTP_PORT }
  const host = where.host === 'localhost' ? '127.0.0.1' : where.host
  const client = nodemailer.createTransport({
    host,
    port: where.port,
    name: 'post.example',
    ignoreTLS: true,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await client.sendMail(mail)
  } finally {
    client.close()
  }
}
