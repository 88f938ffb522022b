using Dapper;
using Laurel.App.Features.Presence;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Presence;

/// <summary>Several nodes on one PostgreSQL database that are told of the same people's statuses, and close their midnights.</summary>
[Trait("database", "postgres")]
public sealed class PresenceNodesTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 20, 22, 0, 0, TimeSpan.Zero);
    private static readonly Workday Yesterday = Workday.Of(2026, 11, 20);
    private const int People = 20;

    private static readonly string Setup = $$"""
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ {{string.Join(", ", Enumerable.Range(0, People).Select(i => $"{{ id: p{i} }}"))}} ]
        presence: { statuses: { online: online, lunch: pause, offline: offline } }
        metrics:
          - { id: online, types: [presence-segment], aggregate: sum, measure: online }
          - { id: pauses, types: [presence-segment], aggregate: sum, measure: pauses }
        achievements:
          - { id: both, type: threshold, conditions: [ { metric: online, at-least: 9000 }, { metric: pauses, at-least: 3 } ], history: all }
        """;

    [PostgresFact]
    public async Task Nodes_that_take_changes_and_close_midnights_agree_and_never_wait_for_each_other()
    {
        await using var first = await CoreFixture.Start(Midnight.AddHours(-6), Setup);
        await using var second = await first.Another();
        await using var third = await first.Another();
        CoreFixture[] nodes = [first, second, third];
        // Everybody has been at something since before midnight; the rest comes while midnight is closed.
        await first.Take([.. Enumerable.Range(0, People).Select(p => Change($"p{p}", Midnight.AddHours(-2), "online", p))]);
        foreach (var node in nodes) node.Time.Set(Midnight.AddMinutes(1));
        var random = new Random(7);
        string[] statuses = ["online", "lunch", "offline"];
        var all = Enumerable.Range(0, 900).Select(i => Change($"p{random.Next(People)}",
            Midnight.AddMinutes(random.Next(-300, 600)), statuses[random.Next(3)], 1_000 + i)).ToList();
        var deadlocks = Deadlocks(first);
        await Task.WhenAll(nodes.Select((node, n) => Task.Run(async () =>
        {
            var own = new Random(n);
            foreach (var batch in all.OrderBy(_ => own.Next()).Chunk(15).ToList()) await node.Take(batch);
        })).Concat(nodes.Select(node => Task.Run(() =>
        {
            for (var i = 0; i < 60; i++)
            {
                // Once is enough to be right; many times, to be in each other's way.
                for (var p = 1; p <= People; p++)
                    node.Database.Write((c, t) => ClosePresence.Enqueue(c, t, new(p), Yesterday, 0));
                node.Services.GetRequiredService<WorkRunner>().RunDue();
            }
        }))));

        first.Settle();
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(first.Services).Run(d => differences.Add(d.ToString()), CancellationToken.None)
            .ShouldNotBeNull();
        differences.ShouldBeEmpty();
        Scalar(first, "SELECT count(*) FROM activity a JOIN activity_type t ON t.key = a.type WHERE t.id = 'presence'")
            .ShouldBe(all.Count + People);
        Deadlocks(first).ShouldBe(deadlocks);
    }

    private static IncomingActivity Change(string person, DateTimeOffset at, string status, int i) =>
        new("pbx", ActivityId.Of($"n{i}"), "presence", person, null, at.ToUnixTimeMilliseconds(), [], [new("status", status)]);

    private static long Deadlocks(CoreFixture core) =>
        Scalar(core, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");

    private static long Scalar(CoreFixture core, string sql)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<long>(sql);
    }
}
