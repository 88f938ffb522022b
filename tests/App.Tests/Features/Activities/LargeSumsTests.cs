using Dapper;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>A day's sum stays within what whole numbers hold; what would take it beyond is refused alone.</summary>
public sealed class LargeSumsTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);
    private const string TooMuch = "the sum of metric 'sold' on 2026-11-18 would be beyond 1,000,000,000,000";

    private const string Setup = """
        site: { id: vilnius, zone: Europe/Vilnius }
        teams: [ { id: desk } ]
        people: [ { id: greta }, { id: jonas } ]
        activity-types: [ { id: sale, person: optional, measures: { worth: {} } } ]
        metrics:
          - { id: sold, types: [sale], aggregate: sum, measure: worth }
          - { id: sales, types: [sale] }
        achievements: [ { id: seller, type: threshold, metric: sold, at-least: 100, history: all } ]
        """;

    private int sent;

    [Theory]
    [InlineData("greta", null, 1)]
    [InlineData("greta", null, -1)]
    [InlineData(null, "desk", 1)]
    public async Task Item_whose_sum_would_be_too_large_is_refused_alone(string? person, string? team, int sign)
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        (await core.Take([.. Enumerable.Range(0, 999).Select(_ => Sale(person, team, sign * 1_000_000_000L))]))
            .ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
        // The last that fits, one too many, one of somebody else, and a small one.
        (await core.Take(Sale(person, team, sign * 1_000_000_000L), Sale(person, team, sign * 1_000_000_000L),
            Sale("jonas", null, 1_000_000_000L), Sale(person, team, 5)))
            .ShouldBe([ItemResult.Accepted, ItemResult.Rejected(TooMuch), ItemResult.Accepted, ItemResult.Accepted]);
        using var c = core.Database.Read();
        c.Query<long>(team is null
            ? """
              SELECT sum FROM rollup WHERE metric = (SELECT key FROM metric WHERE id = 'sold')
                AND person = (SELECT key FROM person WHERE id = 'greta')
              """
            : "SELECT sum FROM team_rollup WHERE metric = (SELECT key FROM metric WHERE id = 'sold')")
            .ShouldBe([((sign * 1_000_000_000_000L) + 5) * 1000]);
    }

    private IncomingActivity Sale(string? person, string? team, long worth) => new(
        "desk", ActivityId.Of($"s{++sent}"), "sale", person, team,
        Wednesday.ToUnixTimeMilliseconds() - sent, [new("worth", new Amount(worth * 1000))], []);
}
