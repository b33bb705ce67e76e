import { jobs } from '../../kernel/jobs.ts'
import { sendNext } from './actions-script.ts'

export const demoJobs = jobs({ 'demo.next-mail': (kernel, { next }) => sendNext(kernel, next) })
