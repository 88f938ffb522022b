namespace Laurel.App.Tests.Oracle;

internal static class Comparison
{
    /// <summary>The same lines in the order that is promised. Says first the few that differ, of thousands.</summary>
    public static void ShouldAgree(IReadOnlyCollection<string> program, IEnumerable<OracleAward> oracle)
    {
        var expected = oracle
            .OrderBy(a => a.Achievement, StringComparer.Ordinal).ThenBy(a => a.Tier)
            .ThenBy(a => a.Person, StringComparer.Ordinal).ThenBy(a => a.Period, StringComparer.Ordinal)
            .Select(award => award.ToString()).ToList();
        expected.Distinct().Count().ShouldBe(expected.Count);
        expected.Count.ShouldBeGreaterThan(0);
        expected.Except(program).Order(StringComparer.Ordinal).Take(20).ShouldBeEmpty("the oracle alone has these");
        program.Except(expected).Take(20).ShouldBeEmpty("the program alone has these");
        program.SequenceEqual(expected).ShouldBeTrue("the same lines, in another order or one of them twice");
    }
}
