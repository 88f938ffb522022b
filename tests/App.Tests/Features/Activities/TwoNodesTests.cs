using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>Several nodes on one PostgreSQL database, writing about the same people at the same time.</summary>
[Trait("database", "postgres")]
public sealed class TwoNodesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private const int People = 40;

    private static readonly string Setup = $$"""
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ {{string.Join(", ", Enumerable.Range(0, People).Select(i => $"{{ id: p{i} }}"))}} ]
        activity-types: [ { id: case, measures: { talk: { negative: false } } }, { id: chat } ]
        metrics:
          - { id: cases, types: [case] }
          - { id: chats, types: [chat] }
          - { id: talk, types: [case], aggregate: sum, measure: talk }
        achievements:
          - { id: both, type: threshold, conditions: [ { metric: cases, at-least: 10 }, { metric: chats, at-least: 10 } ], history: all }
          - { id: weekly, type: threshold, metric: cases, at-least: [5, 10, 15], range: week, history: all }
          - { id: each, type: threshold, metric: talk, at-least: 100, repeat: every-time, history: all }
          - { id: first, type: first-time, activities: [chat], history: all }
        """;

    [PostgresFact]
    public async Task Eight_connections_writing_the_same_people_lose_nothing_double_nothing_and_never_wait_for_each_other()
    {
        await using var first = await CoreFixture.Start(Now, Setup);
        var nodes = new List<CoreFixture> { first };
        for (var i = 0; i < 7; i++) nodes.Add(await first.Another());
        // Everything is sent twice, by different nodes and in different orders; a tenth turns out to have been somebody else's work.
        var sent = Enumerable.Range(0, 4_000).Select(i => Work(i)).ToList();
        sent.AddRange(sent.Where((_, i) => i % 10 == 0).Select((a, i) => a with { Version = 1, Person = $"p{i * 3 % People}" }).ToList());
        var all = sent.GroupBy(a => a.Id).Select(same => same.MaxBy(a => a.Version)!).ToList();
        var deadlocks = Deadlocks(first);
        await Task.WhenAll(nodes.Select((node, n) => Task.Run(async () =>
        {
            var random = new Random(n);
            var own = sent.Where((_, i) => i % 4 == n % 4).OrderBy(_ => random.Next()).ToList();
            foreach (var batch in own.Chunk(50)) await node.Take(batch);
        })));
        foreach (var node in nodes) node.Services.GetRequiredService<WorkRunner>().RunDue();

        Scalar(first, "SELECT count(*) FROM activity").ShouldBe(all.Count);
        Scalar(first, "SELECT CAST(sum(count) AS BIGINT) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'cases'")
            .ShouldBe(all.Count(a => a.Type == "case"));
        Scalar(first, "SELECT CAST(sum(sum) AS BIGINT) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'talk'")
            .ShouldBe(all.Where(a => a.Type == "case").Sum(a => a.Measures[0].Amount.Thousandths));
        Awards(first, "both").ShouldBe(People);
        Awards(first, "first").ShouldBe(People);
        Awards(first, "each").ShouldBe(Enumerable.Range(0, People).Sum(p =>
            all.Where(a => a.Type == "case" && a.Person == $"p{p}").Sum(a => a.Measures[0].Amount.Thousandths) / 100_000));
        Deadlocks(first).ShouldBe(deadlocks);
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(first.Services)
            .Run(d => differences.Add(d.ToString()), CancellationToken.None).ShouldNotBeNull();
        differences.ShouldBeEmpty();
        foreach (var node in nodes.Skip(1)) await node.DisposeAsync();
    }

    /// <summary>The write skew of a rule of two conditions: each node sees its own half only, and nobody awards.</summary>
    [PostgresFact]
    public async Task A_rule_of_two_conditions_is_earned_when_each_half_comes_through_another_node_at_the_same_time()
    {
        await using var first = await CoreFixture.Start(Now, Setup);
        await using var second = await first.Another();
        for (var p = 0; p < People; p++)
        {
            await first.Take(Enumerable.Range(0, 9).SelectMany(i => new[] { Of("case", p, i), Of("chat", p, i) }).ToArray());
            await Task.WhenAll(Task.Run(() => first.Take(Of("case", p, 9))), Task.Run(() => second.Take(Of("chat", p, 9))));
        }
        Awards(first, "both").ShouldBe(People);
    }

    /// <summary>Nothing falls between: what comes while somebody enables is judged by the new rule, or is there for its backfill.</summary>
    [PostgresFact]
    public async Task Work_that_comes_while_a_rule_is_enabled_waits_for_it_and_is_counted()
    {
        await using var first = await CoreFixture.Start(Now,
            Setup + "\n  - { id: late, type: threshold, metric: chats, at-least: 1, history: all, enabled: false }");
        await using var second = await first.Another();
        using var held = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var enabling = Task.Run(() => second.Database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            held.Set();
            release.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
            return EnableAchievement.Run(c, t, new(c.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = 'late'", transaction: t)),
                Actor.CommandLine, Workday.Of(2026, 11, 20), Now.ToUnixTimeMilliseconds());
        }));
        held.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        var taking = Task.Run(() => first.Take(Of("chat", 0, 1)));
        await Until.IsTrue("the work waits", () => Scalar(first, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        taking.IsCompleted.ShouldBeFalse();
        release.Set();
        (await enabling).ShouldBeTrue();
        (await taking).Single().Outcome.ShouldBe(ItemOutcome.Accepted);
        // By the batch itself, before any backfill.
        Awards(first, "late").ShouldBe(1);
    }

    [PostgresFact]
    public async Task A_page_open_at_one_node_is_told_of_what_another_took_in()
    {
        await using var first = await CoreFixture.Start(Now, Setup);
        await using var second = await first.Another();
        using var connection = first.Database.Read();
        var person = connection.ExecuteScalar<long>("SELECT key FROM person WHERE id = 'p0'");
        var hub = second.Services.GetRequiredService<LiveHub>();
        using var page = hub.Subscribe(person);
        await Hears(first, page);

        await first.Take(Of("chat", 0, 1));
        var (heard, notices) = (new HashSet<string>(StringComparer.Ordinal), false);
        while (!notices || !heard.Contains("metric:chats") || !heard.Contains("awards"))
        {
            await page.Wait().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            var news = page.Take();
            notices |= news.Notices;
            heard.UnionWith(news.Topics.Select(t => t.Name));
        }
    }

    [PostgresFact]
    public async Task Work_is_run_once_however_many_nodes_look_for_it()
    {
        await using var first = await CoreFixture.Start(Now,
            Setup + "\n  - { id: best, type: best-of-period, metric: cases, period: yesterday, history: all }");
        await first.Take([.. Enumerable.Range(0, 200).Select(i => Work(i))]);
        first.Settle();
        await using var second = await first.Another();
        first.Time.Set(Now.AddDays(2));
        second.Time.Set(Now.AddDays(2));
        var closings = await Task.WhenAll(Task.Run(() => Close(first)), Task.Run(() => Close(second)));
        closings.Sum().ShouldBe(2);
        // A backfill stands beside the periods that were closed.
        first.Apply("achievements: [ { id: late, type: threshold, metric: chats, at-least: 1, history: all } ]");
        var due = Scalar(first, "SELECT count(*) FROM work");
        due.ShouldBeGreaterThan(2);
        var ran =
            await Task.WhenAll(new[] { first, second }.Select(n => Task.Run(() => n.Services.GetRequiredService<WorkRunner>().RunDue())));
        ran.SelectMany(r => r.Failed).ShouldBeEmpty();
        ran.Sum(r => r.Ran).ShouldBe((int)due);
        Scalar(first, "SELECT count(*) FROM work").ShouldBe(0);
        Awards(first, "late").ShouldBe(Awards(first, "first"));
    }

    /// <summary>Until what one node says is heard at the other's page.</summary>
    private static Task Hears(CoreFixture speaker, Subscription page) => Until.IsTrue("the other node listens", () =>
    {
        const string Call = "are-you-there";
        speaker.Services.GetRequiredService<LiveHub>().Changed(Call);
        return page.Take().Topics.Any(t => t.Name == Call);
    });

    /// <summary>A node that dies takes nothing with it: what it was at is not waited for until the claim runs out.</summary>
    [PostgresFact]
    public async Task What_a_node_was_at_is_free_as_soon_as_it_has_gone()
    {
        await using var first = await CoreFixture.Start(Now, Setup);
        first.Settle();
        var second = await first.Another();
        using (var page = second.Services.GetRequiredService<LiveHub>().Subscribe(0))
            // It has connected for hearing others, by which it is seen.
            await Hears(first, page);
        first.Database.Write((c, t) => WorkQueue.Enqueue(c, t, "some-kind", "some subject", 0));

        Claim(second).ShouldBe(1);
        Claim(first).ShouldBe(0);
        await second.DisposeAsync();

        await Until.IsTrue("the claim is free", () => Claim(first) == 1);
    }

    private static int Claim(CoreFixture node) => node.Database.Write((c, t) =>
        WorkQueue.Claim(c, t, node.Time.GetUtcNow().ToUnixTimeMilliseconds(), _ => 1)).Count;

    private static int Close(CoreFixture node) => node.Services.GetRequiredService<Laurel.App.Features.Achievements.CloseWorkdays>().Run();

    private static long Scalar(CoreFixture core, string sql)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<long>(sql);
    }

    private static long Awards(CoreFixture core, string achievement) => Scalar(core,
        $"SELECT count(*) FROM award a JOIN achievement b ON b.key = a.achievement WHERE b.id = '{achievement}' AND flagged_at IS NULL");

    private static long Deadlocks(CoreFixture core) =>
        Scalar(core, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");

    private static IncomingActivity Work(int i) => new(
        "desk", ActivityId.Of($"w{i}"), i % 3 == 0 ? "chat" : "case", $"p{i / 4 % People}", null,
        Now.AddSeconds(-i % 3_600).ToUnixTimeMilliseconds(), i % 3 == 0 ? [] : [new("talk", new Amount(1_000 + (i % 900 * 10)))], []);

    private static IncomingActivity Of(string type, int person, int n) => new(
        "desk", ActivityId.Of($"{type}-{person}-{n}"), type, $"p{person}", null, Now.AddMinutes(n - 100).ToUnixTimeMilliseconds(),
        type == "case" ? [new("talk", new Amount(1_000))] : [], []);
}
