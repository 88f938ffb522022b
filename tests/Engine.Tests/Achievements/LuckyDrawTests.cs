using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Reference;
using NodaTime;

namespace Laurel.Engine.Tests.Achievements;

public sealed class LuckyDrawTests
{
    private static readonly byte[] Seed = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    /// <summary>Worked out by another program, from the formula as the guide tells it.</summary>
    [Theory]
    [InlineData("2026-11-20", 1, 1, "ada greta jonas", "greta")]
    [InlineData("2026-11-21", 1, 1, "ada greta jonas", "jonas")]
    [InlineData("2026-11-22", 1, 1, "ada greta jonas", "ada")]
    [InlineData("2026-11-23", 1, 1, "ada greta jonas", "greta")]
    [InlineData("2026-11-20", 1, 3, "ada greta jonas", null)]
    [InlineData("2026-11-21", 1, 3, "ada greta jonas", null)]
    [InlineData("2026-11-22", 1, 3, "ada greta jonas", "jonas")]
    [InlineData("2026-11-23", 1, 3, "ada greta jonas", null)]
    [InlineData("2026-11-20", 62500, 100000, "ada greta jonas žana", "žana")]
    [InlineData("2026-11-21", 62500, 100000, "ada greta jonas žana", null)]
    [InlineData("2026-11-22", 62500, 100000, "ada greta jonas žana", null)]
    [InlineData("2026-11-23", 62500, 100000, "ada greta jonas žana", "ada")]
    public void Winner_is_what_the_formula_of_the_guide_gives(string day, long wins, long of, string candidates, string? winner)
    {
        var record = new DrawRecord("clover", Workday.Parse(day)!.Value, new(wins, of), candidates.Split(' '));
        DrawDecision.Winner(Seed, record).ShouldBe(winner);
        NaiveAwards.WinnerOf(new(default, "clover", day, "", Convert.ToHexString(Seed), 0, wins, of, record.Candidates, null))
            .ShouldBe(winner);
    }

    [Fact]
    public void Commitment_is_the_sha256_of_the_seed() => DrawDecision.Commitment(Seed)
        .ShouldBe("630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");

    [Fact]
    public void Winner_of_nobody_is_nobody() =>
        DrawDecision.Winner(Seed, new("clover", Workday.Of(2026, 11, 20), Chance.OneIn(1), [])).ShouldBeNull();

    [Fact]
    public void Winner_over_many_draws_is_as_often_as_the_chance_and_anybody_alike()
    {
        var won = Enumerable.Range(0, 20_000).Select(n => DrawDecision.Winner(BitConverter.GetBytes(n),
            new("clover", Workday.Of(2026, 1, 1).Plus(n), Chance.Percent(Amount.Of(37.5m)!.Value), ["a", "b", "c", "d", "e"]))).ToList();
        (won.Count(w => w is not null) / 20_000.0).ShouldBe(0.375, 0.015);
        foreach (var who in (string[])["a", "b", "c", "d", "e"])
            (won.Count(w => w == who) / (double)won.Count(w => w is not null)).ShouldBe(0.2, 0.02);
    }

    [Fact]
    public void At_a_time_that_clocks_skip_or_repeat_is_the_first_instant_after_and_the_earlier()
    {
        var vilnius = DateTimeZoneProviders.Tzdb["Europe/Vilnius"];
        var draw = new LuckyDraw(3 * 60 + 30, Chance.OneIn(1));
        Said(draw.At(vilnius, Workday.Of(2026, 3, 29))).ShouldBe("2026-03-29T01:00:00Z");
        Said(draw.At(vilnius, Workday.Of(2026, 10, 25))).ShouldBe("2026-10-25T00:30:00Z");
        Said(draw.At(vilnius, Workday.Of(2026, 11, 20))).ShouldBe("2026-11-20T01:30:00Z");

        static string Said(long at) =>
            Instant.FromUnixTimeMilliseconds(at).ToString(null, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Next_is_the_first_day_on_which_it_is_on_whose_time_is_still_to_come()
    {
        var (zone, today) = (DateTimeZone.Utc, Workday.Of(2026, 11, 20));
        var history = new RuleHistory(new(1), today, [new(1, today, new LuckyDraw(12 * 60, Chance.OneIn(1)))],
            [new(today, today.Plus(2))], Repeat.Day, IsoDayOfWeek.Monday);
        Next(today, 11).ShouldBe(today);
        Next(today, 12).ShouldBe(today.Plus(1));
        Next(today, 11, done: today).ShouldBe(today.Plus(1));
        Next(today.Plus(1), 12).ShouldBeNull();

        Workday? Next(Workday day, int hour, Workday? done = null) => DrawDecision.Next(history, zone, day,
            day.Date.At(new LocalTime(hour, 0)).InUtc().ToInstant().ToUnixTimeMilliseconds(), d => d == done);
    }
}
