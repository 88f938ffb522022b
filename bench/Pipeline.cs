using System.Diagnostics;
using System.Globalization;
using Laurel.Engine.Activities;

namespace Laurel.Bench;

/// <summary>
/// The whole live pipeline over HTTP, durable when it answers, against Redis 7 doing the same fan-out in one script per activity: claim
/// the identity, keep the activity, bump the running totals, compare them with the targets of the same twenty rules, note the
/// award, bump the boards of day, week, month and all time. Both are sent batches of 1,000 over four connections.
/// </summary>
internal static class Pipeline
{
    private const int Batch = 1_000;

    // KEYS are made in the script: a single node, as a contact centre would run it. The targets are those of Workload.Setup.
    private const string Script = """
        local id, kind, person, handle, day, week, month, body, tiers = unpack(ARGV)
        if redis.call('SADD', 'ids', id) == 0 then return 0 end
        redis.call('RPUSH', 'activities', body)
        local function judge(rule, period, old, new, targets)
          for tier, target in ipairs(targets) do
            if old < target and new >= target then
              if redis.call('SADD', 'once', rule .. '|' .. tier .. '|' .. person .. '|' .. period) == 1 then
                redis.call('RPUSH', 'awards', rule .. '|' .. tier .. '|' .. person .. '|' .. period .. '|' .. id)
                redis.call('RPUSH', 'notices|' .. person, rule .. '|' .. tier)
              end
            end
          end
        end
        local function count(metric, by)
          local new = redis.call('HINCRBY', 'd|' .. metric .. '|' .. day, person, by)
          redis.call('ZINCRBY', 'board|' .. metric .. '|d' .. day, by, person)
          redis.call('ZINCRBY', 'board|' .. metric .. '|w' .. week, by, person)
          redis.call('ZINCRBY', 'board|' .. metric .. '|m' .. month, by, person)
          redis.call('ZINCRBY', 'board|' .. metric .. '|all', by, person)
          return new
        end
        local types = { case = 0, chat = 1, call = 2, mail = 3, review = 4, sale = 5 }
        local t = types[kind]
        count(kind, 1)
        local n = redis.call('HINCRBY', 'w|' .. kind .. '|' .. week, person, 1)
        judge('week-' .. t, week, n - 1, n, { 24 + t, 30 + t, 40 + t })
        if t < 3 then
          if redis.call('SADD', 'once', 'first|' .. t .. '|' .. person) == 1 then
            redis.call('RPUSH', 'awards', 'first-' .. t .. '|0|' .. person .. '|all|' .. id)
            redis.call('RPUSH', 'notices|' .. person, 'first-' .. t)
          end
        end
        n = count('work', 1)
        for i = 0, 2 do judge('day-' .. i, day, n - 1, n, { 25 + i * 3 }) end
        n = redis.call('HINCRBY', 'w|work|' .. week, person, 1)
        for i = 6, 8 do judge('week-' .. i, week, n - 1, n, { 120 + i * 5, 180 + i * 5, 240 + i * 5 }) end
        n = redis.call('HINCRBY', 'all|work', person, 1)
        for i = 1, 3, 2 do judge('all-' .. i, 'all', n - 1, n, { 200 * (i + 1) }) end
        if t < 3 then
          count('handle', handle)
          n = redis.call('HINCRBY', 'w|handle|' .. week, person, handle)
          judge('week-9', week, n - handle, n, { 30000000, 50000000, 70000000 })
          n = redis.call('HINCRBY', 'all|handle', person, handle)
          for i = 0, 2, 2 do judge('all-' .. i, 'all', n - handle, n, { 100000000 * (i + 1) }) end
        end
        return 1
        """;

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vilnius");

    public static async Task Run(Scale scale)
    {
        var ratios = new List<double>();
        for (var round = 0; round < scale.Rounds; round++)
        {
            var activities = Workload.Activities(round, Batch * scale.Of(60), BenchCore.Begin);
            var (redis, theirs) = Redis(activities);
            var (laurel, ours) = await Http.OverHttp(activities);
            if (theirs != ours) throw new InvalidOperationException($"oracle: Redis made {theirs} awards, Laurel {ours}: no time counts");
            Console.WriteLine($"round {round + 1}: Redis {redis:N0}/s, Laurel over HTTP {laurel:N0}/s; {ours:N0} awards each");
            ratios.Add(laurel / redis);
        }
        Ratio.Judge("pipeline-redis", ratios, 3);
    }

    private static (double Rate, long Awards) Redis(List<IncomingActivity> activities)
    {
        using var server = new RedisServer();
        using var first = server.Connect();
        var script = (string)first.Ask("SCRIPT", "LOAD", Script)!;
        Send(server, script, Http.Warm());
        var seconds = Send(server, script, activities);
        return (activities.Count / seconds, (long)first.Ask("LLEN", "awards")!);
    }

    private static double Send(RedisServer server, string script, List<IncomingActivity> activities)
    {
        // What is sent is made before the clock starts, as for Laurel.
        var batches = activities.Chunk(Batch).Select(b => b.Select(a => Arguments(script, a)).ToList()).ToList();
        var next = -1;
        var clients = Enumerable.Range(0, 4).Select(_ => server.Connect()).ToList();
        var clock = Stopwatch.StartNew();
        var threads = clients.ConvertAll(client => new Thread(() =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < batches.Count;)
            {
                foreach (var arguments in batches[i]) client.Queue(arguments);
                client.Flush();
            }
        }));
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var seconds = clock.Elapsed.TotalSeconds;
        clients.ForEach(c => c.Dispose());
        return seconds;
    }

    private static string[] Arguments(string script, IncomingActivity activity)
    {
        var day = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(activity.At), Zone).Date;
        string Date(DateTime date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        return
        [
            "EVALSHA", script, "0", $"{activity.Source}|{activity.Id}", activity.Type, activity.Person!,
            activity.Measures[0].Amount.Thousandths.ToString(CultureInfo.InvariantCulture), Date(day), Date(monday),
            Date(new(day.Year, day.Month, 1)), System.Text.Encoding.UTF8.GetString(Http.Body(activity)),
        ];
    }
}
