using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>What happens to a person between a backfill's snapshot and its writing.</summary>
public sealed class BackfillTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas }, { id: rasa } ]
        activity-types: [ { id: case, measures: { talk: { negative: false } } } ]
        metrics: [ { id: cases, types: [case] }, { id: talk, types: [case], aggregate: sum, measure: talk } ]
        """;
    private const string Rule = "achievements: [ { id: five, type: threshold, metric: talk, at-least: 5, history: all } ]";

    [Fact]
    public async Task Backfill_keeps_what_a_void_changed_after_its_snapshot() =>
        (await Holders(core => core.Take(Case("greta") with { IsVoid = true, Version = 1 }))).ShouldBe(["jonas"]);

    [Fact]
    public async Task Backfill_keeps_what_a_correction_changed_after_its_snapshot() =>
        (await Holders(core => core.Take(
            Case("greta", talk: 4) with { Version = 1 }, Case("rasa", talk: 6) with { Version = 1 }))).ShouldBe(["jonas", "rasa"]);

    [Fact]
    public async Task Backfill_keeps_what_a_correction_moved_to_somebody_else() =>
        (await Holders(core => core.Take(Case("greta") with { Version = 1, Person = "rasa" }))).ShouldBe(["jonas", "rasa"]);

    [Fact]
    public async Task Backfill_awards_who_did_nothing_meanwhile() =>
        (await Holders(_ => Task.CompletedTask)).ShouldBe(["greta", "jonas"]);

    private static async Task<IEnumerable<string>> Holders(Func<CoreFixture, Task> meanwhile)
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("greta"), Case("jonas"), Case("rasa", talk: 1));
        core.Apply(Rule);
        var items = core.Database.Write((c, t) => WorkQueue.Claim(c, t, Now.ToUnixTimeMilliseconds(), _ => 1));
        // The clock is read for the first time when everybody has been decided and nothing is written yet.
        var clock = new Interrupting(core.Time, () => meanwhile(core).Wait());
        ActivatorUtilities.CreateInstance<Backfill>(core.Services, clock).Work.Run(items, CancellationToken.None);

        clock.IsReached.ShouldBeTrue();
        using var connection = core.Database.Read();
        return connection.Query<string>(
            "SELECT p.id FROM award a JOIN person p ON p.key = a.person WHERE flagged_at IS NULL ORDER BY p.id").ToList();
    }

    private static IncomingActivity Case(string person, long talk = 5) => new(
        "desk", ActivityId.Of(person), "case", person, null, Now.AddMinutes(-9).ToUnixTimeMilliseconds(),
        [new("talk", new Amount(talk * 1000))], []);
}
