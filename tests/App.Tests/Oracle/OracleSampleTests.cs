namespace Laurel.App.Tests.Oracle;

/// <summary>The program and the oracle agree over the samples, whichever way the same work came in.</summary>
public sealed class OracleSampleTests
{
    [Fact]
    public void Awards_of_work_that_comes_in_under_the_rules_are_the_oracles()
    {
        using var program = new ImportedSet("incidents");

        program.Apply();
        program.Import(ImportedSet.SampleFiles("incidents"));

        Comparison.ShouldAgree(program.Awards(), Oracle("incidents").Awards());
    }

    /// <summary>Records, improvements, rows and a collection, over calls that come backwards.</summary>
    [Fact]
    public void Awards_of_which_one_day_follows_from_the_others_are_the_oracles()
    {
        var files = ImportedSet.SampleFiles("bank-calls");
        using var program = new ImportedSet("bank-calls");

        var setup = program.ApplyWithRows();
        foreach (var file in files.Reverse()) program.Import(file);

        var awards = ImportedSet.Oracle("bank-calls", files, setup).Awards().ToList();
        Comparison.ShouldAgree(program.Awards(), awards);
        var earned = awards.Select(a => (a.Achievement, a.Tier)).ToHashSet();
        foreach (var (id, tiers) in ((string, int)[])[("own-best-day", 0), ("own-best-week", 0), ("more-than-yesterday", 2),
            ("more-than-last-week", 3), ("steady", 3), ("steady-weeks", 2), ("all-of-it", 0)])
            earned.ShouldContain((id, tiers));
    }

    [Theory]
    [InlineData("bank-calls")]
    [InlineData("incidents")]
    public void Awards_of_work_that_was_there_before_the_rules_are_the_oracles(string sample)
    {
        using var program = new ImportedSet(sample);

        program.ApplyWithoutAchievements();
        program.Import(ImportedSet.SampleFiles(sample));
        program.Awards().ShouldBeEmpty();
        program.Apply();

        Comparison.ShouldAgree(program.Awards(), Oracle(sample).Awards());
    }

    [Fact]
    public void Awards_of_months_that_come_in_backwards_and_twice_are_the_oracles()
    {
        var files = ImportedSet.SampleFiles("bank-calls");
        using var program = new ImportedSet("bank-calls");

        program.Apply();
        foreach (var file in files.Reverse()) program.Import(file);
        program.Import(files[0]);

        Comparison.ShouldAgree(program.Awards(), Oracle("bank-calls").Awards());
    }

    [Theory]
    [InlineData("bank-calls", "threshold", "best-of-period", "first-time", "manual")]
    [InlineData("incidents", "threshold", "best-of-period", "first-time", "manual")]
    public void Set_ups_have_an_achievement_of_every_type_and_each_but_the_manual_is_earned(string sample, params string[] types)
    {
        var achievements = OracleSetup.Read(DataSets.Sample(sample, "setup.yaml")).Achievements;

        var earned = Oracle(sample).Awards().Select(award => award.Achievement).ToHashSet();

        achievements.Select(a => a.Kind).Distinct().ShouldBe(types, ignoreOrder: true);
        achievements.Where(a => a.Kind != "manual").Select(a => a.Id).ShouldBe(earned, ignoreOrder: true);
    }

    private static OracleHistory Oracle(string sample) => ImportedSet.Oracle(sample, ImportedSet.SampleFiles(sample));
}
