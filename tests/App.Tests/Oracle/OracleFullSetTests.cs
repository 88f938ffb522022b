namespace Laurel.App.Tests.Oracle;

/// <summary>The program and the oracle agree over the whole public sets, and with their published answers.</summary>
public sealed class OracleFullSetTests
{
    private static readonly string[] TopThree =
    [
        "1999-01-01 kazav 2015, sharon 1996, tova 1924",
        "1999-02-01 idit 1957, yifat 1904, yitz 1794",
        "1999-03-01 sharon 2785, steren 2304, idit 2163",
        "1999-04-01 sharon 1941, steren 1519, kazav 1455",
        "1999-05-01 sharon 2575, avi 2217, steren 2167",
    ];

    [Fact]
    public void Awards_and_values_of_the_bank_calls_are_the_oracles()
    {
        var files = ImportedSet.FullFiles("bank-calls");
        var oracle = ImportedSet.Oracle("bank-calls", files);
        using var program = new ImportedSet("bank-calls");

        program.Apply();
        program.Import(files);

        Comparison.ShouldAgree(program.Awards(), oracle.Awards());
        foreach (var (metric, range) in ((string, string)[])
            [("talk-time-mean", "month"), ("longest-talk", "week"), ("calls-within-20", "day"), ("talk-time", "all")])
        {
            program.Values(metric, range).ShouldBe(oracle.Values(metric, range).Order(StringComparer.Ordinal));
        }
        var monthly = program.Values("calls-answered", "month").Select(line => line.Split(','))
            .GroupBy(line => line[1], line => (Person: line[0], Calls: int.Parse(line[2], null))).OrderBy(month => month.Key).ToList();
        monthly.Select(month => month.Sum(p => p.Calls)).ShouldBe([26_570, 26_671, 27_340, 23_204, 29_471]);
        monthly.Select(month => month.Count()).ShouldBe([28, 24, 23, 24, 25]);
        monthly.Select(month => (month.Key, Best: month.OrderByDescending(p => p.Calls).Take(3).Select(p => $"{p.Person} {p.Calls}")))
            .Select(month => $"{month.Key} {string.Join(", ", month.Best)}").ShouldBe(TopThree);
    }

    [Fact]
    public void Awards_and_values_of_the_incidents_are_the_oracles()
    {
        var files = ImportedSet.FullFiles("incidents");
        var oracle = ImportedSet.Oracle("incidents", files);
        using var program = new ImportedSet("incidents");

        program.Apply();
        program.Import(files);

        Comparison.ShouldAgree(program.Awards(), oracle.Awards());
        foreach (var (metric, range) in ((string, string)[])
            [("incidents-resolved", "all"), ("handovers-mean", "month"), ("longest-case", "week"), ("time-to-resolve-mean", "day")])
        {
            program.Values(metric, range).ShouldBe(oracle.Values(metric, range).Order(StringComparer.Ordinal));
        }
        var resolved = program.Values("incidents-resolved", "all").Select(line => int.Parse(line.Split(',')[2], null)).ToList();
        resolved.Sum().ShouldBe(23_336);
        resolved.Count.ShouldBe(216);
        // The first has 3,071 with those of no known time.
        resolved.Max().ShouldBe(2_696);
    }
}
