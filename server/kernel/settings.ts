import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { z } from 'zod'

/** Every setting of the program: read once, at the start. docs/operating/settings.md is generated from this object. */
const onOff = z.enum(['on', 'off'])
const port = z.coerce.number().int().min(0).max(65535)

export const settingsSchema = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on. Loopback until you set it; 0.0.0.0 listens everywhere.'),
  PORT: port.default(8080).describe('Port of the web address.'),
  DATA_DIR: z.string().default('./data').describe('Folder for the embedded database, files, raw mail, keys and backups.'),
  DATABASE_URL: z
    .string()
    .optional()
    .describe(
      'A PostgreSQL 17 or newer of your own instead of the embedded one: postgres://user:password@host/database. A primary and its standbys: host,host; the one that takes writes is used.',
    ),
  DATABASE_OWNER_URL: z
    .string()
    .optional()
    .describe(
      'With DATABASE_URL: the owner that migrates. Absent: DATABASE_URL migrates too and the program steps down to the role firstline_app.',
    ),
  BASE_URL: z.url().optional().describe('The address that people use, for links in mail. Default: http://localhost:PORT.'),
  TRUST_PROXY: z
    .string()
    .default('')
    .describe(
      'Addresses or networks of the proxies in front, comma-separated (10.0.0.5, 10.1.0.0/16). Only from them is X-Forwarded-For believed.',
    ),
  TLS_CERT: z.string().optional().describe('File with the certificate chain (PEM), for HTTPS without a proxy.'),
  TLS_KEY: z.string().optional().describe('File with the private key (PEM) of TLS_CERT.'),
  SMTP_PORT: port.default(2525).describe('Port on which mail comes in.'),
  SMTP_HOST: z.string().optional().describe('Address for incoming mail; default: HOST.'),
  SMTP_IN: onOff.default('on').describe('off: no SMTP listener; mail comes by IMAP only.'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/./, 'is not smtp://... or smtps://...')
    .optional()
    .describe('Where mail goes out: smtps://user:password@host:465 or smtp://host:587. Absent: the outbox holds all mail.'),
  IMAP_SILENCE_SECONDS: z.coerce
    .number()
    .int()
    .min(4)
    .max(600)
    .default(90)
    .describe('How long the server of a fetched mailbox may be silent before the connection is made anew; it is asked in between.'),
  MAIL_DOMAIN: z.string().optional().describe('Domain in our Message-IDs and EHLO; default: the host of BASE_URL.'),
  MAIL_MAX_MB: z.coerce.number().int().min(1).max(200).default(40).describe('Largest mail taken, in megabytes.'),
  UPLOAD_MAX_MB: z.coerce.number().int().min(1).max(1000).default(30).describe('Largest attachment taken, in megabytes.'),
  ENCRYPTION_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is not 64 hexadecimal digits')
    .optional()
    .describe('Key for secrets at rest, 64 hexadecimal digits. Default: made once and kept in DATA_DIR/secrets (mode 0600).'),
  ENCRYPTION_KEY_BEFORE: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is not 64 hexadecimal digits')
    .optional()
    .describe('While ENCRYPTION_KEY is being changed: the one before, which then only opens. See `firstline keys rotate`.'),
  BACKUP: onOff.default('on').describe('off: no nightly backup into BACKUP_DIR.'),
  BACKUP_DIR: z.string().optional().describe('Where the nightly backup goes; default: DATA_DIR/backups.'),
  BACKUP_KEEP: z.coerce.number().int().min(1).max(365).default(7).describe('How many nightly backups are kept.'),
  BACKUP_AT: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time like 02:30')
    .default('02:30')
    .describe('When, in UTC.'),
  FAILPOINT: z
    .string()
    .regex(/^[\w.-]+:(kill9|throw|hang|stop)$/, 'is not name:kill9, name:throw, name:hang or name:stop')
    .optional()
    .describe('For the fault tests only: where the program breaks on purpose. Never set it.'),
  UNDO_SECONDS: z.coerce.number().int().min(0).max(120).default(10).describe('How long a sent reply can be taken back.'),
})
export type Settings = z.output<typeof settingsSchema> & { baseUrl: string; mailDomain: string; secure: boolean }

/** Thrown with one sentence that names the setting; the start prints it and stops. */
export class WrongSetting extends Error {}

/** `variables` is the environment over the .env file of the working folder. */
export function readSettings(variables: Record<string, string | undefined> = environment()): Settings {
  const known = Object.keys(settingsSchema.shape)
  const given = Object.fromEntries(known.map((name) => [name, variables[name] === '' ? undefined : variables[name]]))
  const read = settingsSchema.safeParse(given)
  if (!read.success) {
    const issue = read.error.issues[0]
    const name = String(issue?.path[0] ?? '')
    const means = settingsSchema.shape[name as keyof typeof settingsSchema.shape]?.description ?? ''
    // What holds a password or a key is not repeated: this line goes into logs.
    const value = /_URL$|_KEY(_BEFORE)?$/.test(name) && name !== 'BASE_URL' ? '' : ` ("${variables[name]}")`
    throw new WrongSetting(`The setting ${name}${value} is wrong: ${issue?.message}. ${means}`)
  }
  return derive(read.data)
}

function derive(s: z.output<typeof settingsSchema>): Settings {
  if ((s.TLS_CERT === undefined) !== (s.TLS_KEY === undefined))
    throw new WrongSetting('TLS_CERT and TLS_KEY go together: set both, or neither and put HTTPS in front with TRUST_PROXY.')
  for (const name of ['TLS_CERT', 'TLS_KEY'] as const)
    if (s[name] !== undefined && !existsSync(s[name]))
      throw new WrongSetting(`The setting ${name} names "${s[name]}", and there is no such file.`)
  const scheme = s.TLS_CERT === undefined ? 'http' : 'https'
  const baseUrl = (s.BASE_URL ?? `${scheme}://localhost:${s.PORT}`).replace(/\/+$/, '')
  return { ...s, baseUrl, secure: baseUrl.startsWith('https:'), mailDomain: s.MAIL_DOMAIN ?? new URL(baseUrl).hostname }
}

function environment(): Record<string, string | undefined> {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
  return { ...file, ...process.env }
}
