namespace OpenAIProxy.Gateway.Limits.Stores.Redis;

/// <summary>
/// What Redis does at once. Each script goes by Redis's clock, and every name it writes has an expiry. A counter has two names, at KEYS[2i-1] and
/// KEYS[2i], of which most use the first alone:
/// <list type="bullet">
/// <item>Sliding: a hash with the amount of each slot of the window, by the slot's number (milliseconds / length of a slot).</item>
/// <item>Concurrency: a sorted set of leases by their expiry, milliseconds.</item>
/// <item>Period: a hash with <c>spent</c> and <c>reserved</c>; and a sorted set of reservations, <c>lease|amount</c>, by their expiry.</item>
/// </list>
/// </summary>
internal static class LimitScripts
{
    /// <summary>Texts that a script gets for each counter: kind, limit, slot length, amount, whether it is shadow, end, floor.</summary>
    public const int Fields = 7;

    // a.used is what is counted, a.fits when the amount fits (-1 never), a.resets when all is forgotten.
    private const string Look = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local kept = 21
        local function keep(a)
          if a.kind == 's' then
            redis.call('PEXPIRE', a.key, (kept + 1) * a.length)
          elseif a.ends > 0 then
            redis.call('PEXPIREAT', a.key, math.max(a.ends, now) + 86400000)
          else
            redis.call('PEXPIRE', a.key, 34560000000)
          end
        end
        local function read(i, offset)
          local at = offset + (i - 1) * 7
          local a = { kind = ARGV[at + 1], limit = tonumber(ARGV[at + 2]), length = tonumber(ARGV[at + 3]), amount = tonumber(ARGV[at + 4]),
            shadow = ARGV[at + 5] == '1', ends = tonumber(ARGV[at + 6]), floor = tonumber(ARGV[at + 7]), key = KEYS[2 * i - 1], leases = KEYS[2 * i],
            used = 0, fits = 0, resets = 0 }
          if a.kind == 's' then
            a.slot = math.floor(now / a.length)
            a.slots = {}
            local all = redis.call('HGETALL', a.key)
            local newest = nil
            for j = 1, #all, 2 do
              local slot, amount = tonumber(all[j]), tonumber(all[j + 1])
              if slot <= a.slot - kept then
                redis.call('HDEL', a.key, all[j])
              elseif amount > 0 then
                a.used = a.used + amount
                a.slots[slot] = amount
                if not newest or slot > newest then newest = slot end
              end
            end
            if newest then a.resets = (newest + kept) * a.length - now end
          elseif a.kind == 'c' then
            redis.call('ZREMRANGEBYSCORE', a.key, '-inf', now)
            a.used = redis.call('ZCARD', a.key)
          else
            local reserved = 0
            for _, gone in ipairs(redis.call('ZRANGEBYSCORE', a.leases, '-inf', now)) do
              reserved = reserved + tonumber(string.match(gone, '|(%d+)$'))
              redis.call('ZREM', a.leases, gone)
            end
            if reserved > 0 and redis.call('EXISTS', a.key) == 1 then redis.call('HINCRBY', a.key, 'reserved', -reserved) end
            local held = redis.call('HMGET', a.key, 'spent', 'reserved')
            a.spent = tonumber(held[1] or 0)
            if a.spent < a.floor then
              a.spent = a.floor
              redis.call('HSET', a.key, 'spent', string.format('%d', a.floor))
              keep(a)
            end
            a.used = a.spent + math.max(0, tonumber(held[2] or 0))
            if a.ends > 0 then a.resets = math.max(1, a.ends - now) end
          end
          return a
        end
        local function fits(a)
          if a.used + a.amount <= a.limit then return 0 end
          if a.kind == 'c' then return 1000 end
          if a.kind == 'p' then
            if a.spent + a.amount <= a.limit then return 1000 end
            return a.ends > 0 and a.resets or -1
          end
          if a.amount > a.limit then return -1 end
          local over = a.used + a.amount - a.limit
          for slot = a.slot - kept + 1, a.slot do
            over = over - (a.slots[slot] or 0)
            if over <= 0 then return (slot + kept) * a.length - now end
          end
          return -1
        end

        """;

    /// <summary>
    /// ARGV: the lease, its time in milliseconds, and <see cref="Fields"/> for each counter. Returns the charge that fits last of those that don't
    /// (0 for none), when all fit, the time; and for each counter what is used, when that is forgotten, and 1 for a shadow limit that doesn't fit.
    /// </summary>
    public const string Take = Look + """
        local lease, ttl = ARGV[1], tonumber(ARGV[2])
        local all, refused, wait = {}, 0, 0
        for i = 1, #KEYS / 2 do
          local a = read(i, 2)
          a.fits = fits(a)
          all[i] = a
          if a.fits ~= 0 and not a.shadow then
            if refused == 0 or (wait >= 0 and (a.fits < 0 or a.fits > wait)) then
              refused = i
              wait = a.fits
            end
          end
        end
        local answer = { refused, wait, now }
        for _, a in ipairs(all) do
          if refused == 0 then
            if a.kind == 's' then
              redis.call('HINCRBY', a.key, string.format('%d', a.slot), a.amount)
              a.resets = kept * a.length - now % a.length
              keep(a)
            elseif a.kind == 'c' then
              redis.call('ZADD', a.key, now + ttl, lease)
              redis.call('PEXPIRE', a.key, ttl)
            else
              redis.call('ZADD', a.leases, now + ttl, lease .. '|' .. string.format('%d', a.amount))
              redis.call('PEXPIRE', a.leases, ttl)
              redis.call('HINCRBY', a.key, 'reserved', a.amount)
              keep(a)
            end
            a.used = a.used + a.amount
          end
          table.insert(answer, a.used)
          table.insert(answer, a.resets)
          table.insert(answer, (a.shadow and a.fits ~= 0) and 1 or 0)
        end
        return answer
        """;

    /// <summary>The same as <see cref="Take"/> without counting anything.</summary>
    public const string Read = Look + """
        local answer = { 0, 0, now }
        for i = 1, #KEYS / 2 do
          local a = read(i, 2)
          table.insert(answer, a.used)
          table.insert(answer, a.resets)
          table.insert(answer, 0)
        end
        return answer
        """;

    /// <summary>
    /// ARGV: the lease, when it was taken, and <see cref="Fields"/> for each counter, with what was used in place of the limit. A lease of '' was never
    /// taken: the amounts are added.
    /// </summary>
    public const string Settle = Look + """
        local lease, taken = ARGV[1], tonumber(ARGV[2])
        for i = 1, #KEYS / 2 do
          local at = 2 + (i - 1) * 7
          local kind, used, length, amount = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
          local a = { kind = kind, length = length, ends = tonumber(ARGV[at + 6]), key = KEYS[2 * i - 1], leases = KEYS[2 * i] }
          if kind == 's' then
            if used > amount then
              redis.call('HINCRBY', a.key, string.format('%d', math.floor(now / length)), used - amount)
              keep(a)
            elseif used < amount then
              local slot = string.format('%d', math.floor(taken / length))
              local held = tonumber(redis.call('HGET', a.key, slot) or 0)
              if held > 0 then redis.call('HINCRBY', a.key, slot, -math.min(held, amount - used)) end
            end
          elseif kind == 'c' then
            redis.call('ZREM', a.key, lease)
          else
            local held = lease ~= '' and redis.call('ZREM', a.leases, lease .. '|' .. string.format('%d', amount)) == 1
            if held and redis.call('EXISTS', a.key) == 1 then
              redis.call('HINCRBY', a.key, 'reserved', -amount)
            end
            if used > 0 then
              redis.call('HINCRBY', a.key, 'spent', used)
              keep(a)
            end
          end
        end
        return 0
        """;

    /// <summary>
    /// KEYS[1] are the gateways, a sorted set by their expiry; KEYS[2] is a name. ARGV: this gateway, milliseconds, a name, and a lease, a kind and
    /// an amount for each counter behind them: the leases go on from now, and are there again if Redis has lost them. ARGV[3] names a Redis
    /// that is empty. Returns how many gateways there are, and the name of this Redis, which is another once it has lost what it held.
    /// </summary>
    public const string Renew = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local ttl = tonumber(ARGV[2])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        redis.call('ZADD', KEYS[1], now + ttl, ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ttl)
        redis.call('SET', KEYS[2], ARGV[3], 'NX')
        redis.call('PEXPIRE', KEYS[2], 34560000000)
        for i = 2, #KEYS / 2 do
          local at = 3 + (i - 2) * 3
          local lease, kind, amount = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
          if kind == 'c' then
            redis.call('ZADD', KEYS[2 * i - 1], now + ttl, lease)
            redis.call('PEXPIRE', KEYS[2 * i - 1], ttl)
          else
            if redis.call('ZADD', KEYS[2 * i], now + ttl, lease .. '|' .. amount) == 1 then
              redis.call('HINCRBY', KEYS[2 * i - 1], 'reserved', amount)
              redis.call('PEXPIRE', KEYS[2 * i - 1], 34560000000)
            end
            redis.call('PEXPIRE', KEYS[2 * i], ttl)
          end
        end
        return { redis.call('ZCARD', KEYS[1]), redis.call('GET', KEYS[2]) }
        """;

    /// <summary>
    /// KEYS[1] is a sliding counter. ARGV: the length of a slot, and for each of several how many slots ago it was, and its amount, to be added.
    /// </summary>
    public const string Restore = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local length = tonumber(ARGV[1])
        for i = 2, #ARGV, 2 do
          redis.call('HINCRBY', KEYS[1], string.format('%d', math.floor(now / length) - tonumber(ARGV[i])), ARGV[i + 1])
        end
        redis.call('PEXPIRE', KEYS[1], 22 * length)
        return 0
        """;
}
