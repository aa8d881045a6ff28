# The image of every Factcheck process: web, workers, beat and migrate differ in their command only.
# Servers come from outside (DATABASE_URL, REDIS_URL): see docker-compose.yml for the small production.

FROM python:3.12-slim AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /tmp/base.txt

FROM python:3.12-slim
RUN groupadd --system --gid 10001 factcheck \
    && useradd --system --uid 10001 --gid factcheck --home-dir /nonexistent --no-create-home factcheck \
    && install -d -o factcheck -g factcheck /var/lib/factcheck /var/lib/factcheck/snapshots
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FACTCHECK_NO_BOOTSTRAP=1 \
    STATIC_ROOT=/app/static \
    SNAPSHOT_DIR=/var/lib/factcheck/snapshots
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY factcheck factcheck
COPY claims claims
COPY workers workers
RUN python -m compileall -q factcheck claims workers \
    && SECRET_KEY=signs-nothing-while-collecting python manage.py collectstatic --noinput
USER 10001:10001
VOLUME /var/lib/factcheck/snapshots
EXPOSE 8000
CMD ["gunicorn", "factcheck.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
