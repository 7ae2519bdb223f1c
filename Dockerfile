# Easel in a container: `docker compose up -d --build`, or see docs/operate.md.
# The image is Debian, the dependencies, the sources, and the very Node that package-lock.json names and checks; the
# Node of the first stage only installs. Without npm and headers that is some 60 MB less than Node's own image.

FROM node:24.21.0-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev \
 && mv node_modules/node-linux-*/bin/node /usr/local/bin/easel-node \
 && rm -rf node_modules/node-linux-* node_modules/.bin

FROM debian:13.6-slim
LABEL org.opencontainers.image.title="Easel" \
      org.opencontainers.image.description="Pictures in Telegram and Discord with Gemini image models" \
      org.opencontainers.image.licenses="MIT"
# The number is that of the first user of most machines, so that a folder of theirs can be mounted as it is.
RUN install --directory --owner=1000 --group=1000 --mode=0700 /data /app/.cache
WORKDIR /app
COPY --from=build /usr/local/bin/easel-node /usr/local/bin/node
COPY --from=build /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY locales ./locales
COPY src ./src
USER 1000:1000

# What Node compiles is kept here, since a container may not write: 26 MB less memory. A setting that is wrong ends the
# start when all is loaded; what is loaded only when it serves comes after it.
ENV NODE_COMPILE_CACHE=/app/.cache
RUN HTTP_PORT=none node --max-semi-space-size=2 src/main.ts 2>/dev/null; \
    node --max-semi-space-size=2 --eval "for (const file of ['discord/discord', 'sandbox/sandbox', \
    'core/store/redis-store', 'web/metrics-registry']) import('./src/' + file + '.ts')"

# Only this is written to; SQLite's temporary files as well, when /forget rewrites the database.
VOLUME /data
ENV DATA_DIR=/data SQLITE_TMPDIR=/data HTTP_HOST=0.0.0.0 HTTP_PORT=8787
EXPOSE 8787
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "--eval", \
  "fetch('http://127.0.0.1:' + process.env.HTTP_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm in between: the signal to stop reaches Easel itself.
CMD ["node", "--max-semi-space-size=2", "src/main.ts"]
