"""What the queue and the beat call for: a slice of one job, and the jobs nobody is at."""

from celery import shared_task

from longsha_credit.exchange import jobs


@shared_task
def advance_job(pk):
    if more := jobs.advance(pk):
        advance_job.delay(pk)  # behind the others; lost with the queue, the beat finds the job again
    return more


@shared_task
def queue_silent_jobs():
    """Redis may have been emptied, a worker killed: what waits in the table goes to the queue again."""
    taken = jobs.put_back()
    for pk in taken:
        advance_job.delay(pk)
    return len(taken)
