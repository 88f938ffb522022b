using Laurel.App.Features.Imports;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>The published answers of the five months, from the sample's mapping alone.</summary>
public sealed class BankCallsFullSetTests
{
    private const string Phantom = "phantom calls, which the data's authors say to leave out";
    private const string Nobody = "answered, but nobody knows by whom";

    [Theory]
    [InlineData("january", 31599, 26570, 490, 4299, 3101, 240, 28, 186.3, 35.7, 59.9, "kazav 2015, sharon 1996, tova 1924")]
    [InlineData("february", 33344, 26671, 491, 5904, 3963, 278, 24, 179.0, 41.5, 58.9, "idit 1957, yifat 1904, yitz 1794")]
    [InlineData("march", 38801, 27340, 507, 10547, 8604, 407, 23, 188.7, 94.6, 39.8, "sharon 2785, steren 2304, idit 2163")]
    [InlineData("april", 32036, 23204, 379, 8148, 5694, 305, 24, 215.8, 78.5, 44.1, "sharon 1941, steren 1519, kazav 1455")]
    [InlineData("may", 39553, 29471, 452, 9212, 7144, 418, 25, 202.0, 68.0, 46.7, "sharon 2575, avi 2217, steren 2167")]
    public void Read_one_month_gives_the_known_answers(
        string month, int rows, int answered, int unknownAgent, int hungUp, int inQueue, int phantom, int agents,
        double talk, double wait, double within20, string topThree)
    {
        var mapping = Reading.Load("bank-calls");
        var reader = new ImportReader(mapping, [Path.Combine(DataSets.FullData, "bank-calls-1999", month + ".txt.gz")]);

        var items = reader.Read().ToList();

        var calls = Reading.Activities(items).Where(a => a.Type == "call-answered").ToList();
        var abandoned = Reading.Activities(items).Where(a => a.Type == "call-abandoned").ToList();
        items.Where(item => item is not ReadActivity).ShouldBeEmpty();
        reader.Counts.Rows.ShouldBe(rows);
        calls.Count.ShouldBe(answered);
        Ignored(reader, mapping, Nobody).ShouldBe(unknownAgent);
        Ignored(reader, mapping, Phantom).ShouldBe(phantom);
        reader.Counts.Unmatched.ShouldBe(0);
        abandoned.Count.ShouldBe(hungUp);
        abandoned.Count(a => a.Labels.Contains(new Label("stage", "queue"))).ShouldBe(inQueue);
        calls.Select(a => a.Person).Distinct().Count().ShouldBe(agents);
        Mean(calls, "talk").ShouldBe(talk, 0.05);
        Mean(calls, "wait").ShouldBe(wait, 0.05);
        (100.0 * calls.Count(a => Of(a, "wait") <= 20_000) / calls.Count).ShouldBe(within20, 0.05);
        string.Join(", ", calls.GroupBy(a => a.Person).OrderByDescending(g => g.Count()).Take(3).Select(g => $"{g.Key} {g.Count()}"))
            .ShouldBe(topThree);
    }

    [Fact]
    public void Read_all_months_gives_every_activity_an_identity_of_its_own()
    {
        var activities = Reading.Activities(new ImportReader(Reading.Load("bank-calls"), Months()).Read());

        activities.Select(a => a.Id).Distinct().Count().ShouldBe(activities.Count);
        activities.Count.ShouldBe(26570 + 26671 + 27340 + 23204 + 29471 + 4299 + 5904 + 10547 + 8148 + 9212);
    }

    [Fact]
    public void Read_calls_after_midnight_lie_on_the_next_day()
    {
        var clock = SiteClock.Find("Asia/Jerusalem")!;
        var later = 0;
        foreach (var item in new ImportReader(Reading.Load("bank-calls"), Months()).Read().OfType<ReadActivity>())
        {
            var columns = item.Raw.Split('\t');
            var day = Workday.Parse($"19{columns[5][..2]}-{columns[5][2..4]}-{columns[5][4..]}")!.Value;
            if (clock.WorkdayOf(item.Activity.At) == day) continue;
            clock.WorkdayOf(item.Activity.At).ShouldBe(day.Plus(1));
            later++;
        }
        // 21 services that have a time of their own, and those of 0 s that left the queue or the menu after midnight.
        later.ShouldBeGreaterThanOrEqualTo(21);
        later.ShouldBeLessThan(40);
    }

    private static string[] Months() =>
        [.. ((string[])["january", "february", "march", "april", "may"])
            .Select(month => Path.Combine(DataSets.FullData, "bank-calls-1999", month + ".txt.gz"))];

    private static long Ignored(ImportReader reader, Laurel.Engine.Importing.Mapping mapping, string because) =>
        mapping.Ignored.Zip(reader.Counts.Ignored).Where(pair => pair.First.Because == because).Sum(pair => pair.Second);

    private static long Of(IncomingActivity activity, string measure) =>
        activity.Measures.Single(m => m.Name == measure).Amount.Thousandths;

    private static double Mean(List<IncomingActivity> activities, string measure) => activities.Average(a => Of(a, measure)) / 1000.0;
}
