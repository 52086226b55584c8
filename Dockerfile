# One image for web, worker and beat; the command says which (see docker-compose.yml).
FROM python:3.11-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.lock .
RUN /opt/venv/bin/pip install --require-hashes -r requirements.lock \
    && /opt/venv/bin/python -m compileall -q /opt/venv

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=shopguard.settings \
    SHOPGUARD_ENV=production \
    SHOPGUARD_STATE=/var/lib/shopguard
RUN groupadd --system --gid 10001 shopguard \
    && useradd --system --uid 10001 --gid shopguard --home-dir /var/lib/shopguard shopguard \
    && install -d -o shopguard -g shopguard -m 0700 /var/lib/shopguard
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The key below lives for this one command; the running image has none and refuses to start without.
RUN pybabel compile -i locale/en/LC_MESSAGES/django.po -o locale/en/LC_MESSAGES/django.mo -l en \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" ALLOWED_HOSTS=build \
       DATABASE_URL=postgresql:///none REDIS_URL=redis:///0 \
       python manage.py collectstatic --noinput -v0 \
    && python -m compileall -q .
USER shopguard
VOLUME /var/lib/shopguard
EXPOSE 8000
CMD ["gunicorn", "shopguard.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "3", "--threads", "4", "--no-control-socket"]
