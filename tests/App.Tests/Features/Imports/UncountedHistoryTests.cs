using Laurel.App.Features.Imports;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>For how many achievements work that was brought in does not count, because it is earlier than their history.</summary>
public sealed class UncountedHistoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 12, 7, 30, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        activity-types: [ { id: call }, { id: chat } ]
        metrics: [ { id: calls, types: [call] } ]
        achievements:
          - { id: from-today, type: threshold, metric: calls, at-least: 5 }
          - { id: first, type: first-time, activities: [call, chat] }
          - { id: all, type: threshold, metric: calls, at-least: 5, history: all }
          - { id: dated, type: threshold, metric: calls, at-least: 5, history: 2026-02-01 }
          - { id: off, type: threshold, metric: calls, at-least: 5, enabled: false }
          - { id: by-hand, type: manual }
        """;

    [Theory]
    [InlineData("call", -1, 2)]
    [InlineData("chat", -1, 1)]
    [InlineData("call", 0, 0)]
    [InlineData("other", -1, 0)]
    public async Task Count_is_of_enabled_achievements_that_begin_after_the_work(string type, int day, int expected)
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        using var connection = core.Database.Read();
        UncountedHistory.Count(connection, new CatalogueStore(),
            new Dictionary<string, long> { [type] = Now.AddDays(day).ToUnixTimeMilliseconds() }).ShouldBe(expected);
    }

    [Fact]
    public async Task Count_is_none_once_a_file_counts_all_history()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Apply(Setup.Replace("at-least: 5 }", "at-least: 5, history: all }", StringComparison.Ordinal)
            .Replace("[call, chat] }", "[call, chat], history: all }", StringComparison.Ordinal));
        using var connection = core.Database.Read();
        UncountedHistory.Count(connection, new CatalogueStore(),
            new Dictionary<string, long> { ["call"] = Now.AddDays(-9).ToUnixTimeMilliseconds() }).ShouldBe(0);
    }

    [Fact]
    public void Line_says_how_many_and_what_to_do() =>
        UncountedHistory.Line(1).ShouldBe("Earlier work does not count for 1 enabled achievement: history begins with the day of "
            + "enabling. Write 'history: all' in the setup file and apply it, and that work counts, too.");
}
