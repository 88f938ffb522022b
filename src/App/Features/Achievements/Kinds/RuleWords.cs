using System.Globalization;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements.Kinds;

/// <summary>
/// What kinds of rule say themselves with: texts in the reader's language, and the names and units of the organisation's own. These stand
/// in quotation marks in their basic form, so that no language has to decline them.
/// </summary>
public sealed class RuleWords(IStringLocalizer<Ui> texts, AchievementWords words, PersonClock clock, AchievementBook book)
{
    public AchievementBook Book => book;

    public string this[string text] => texts[text];
    public string this[string text, params object[] values] => texts[text, values];
    public string Count(long n, string one, string other) => texts.Count(n, one, other);

    public string Metric(MetricKey metric) => book.MetricName(metric);
    public string Metric(string id) => book.MetricName(id);
    public string Types(IEnumerable<string> types) => List(types.Select(book.TypeName));
    public string Quoted(string name) => texts["“{0}”", name];

    public Figure Figure(MetricKey metric, MetricValue value) => words.Figure(book, metric, value);
    public Figure Figure(MetricKey metric, Amount amount) => words.Figure(book, metric, amount);
    public string Percent(Amount percent) => words.Percent(percent.ToDecimal());
    public string Chance(Chance chance) => words.Chance(chance);

    /// <summary>"50, 55 or 65".</summary>
    public string List(IEnumerable<string> items) => words.List([.. items]);

    /// <summary>When something is, inside a sentence.</summary>
    public string Near(long at) => clock.Say(DateTimeOffset.FromUnixTimeMilliseconds(at), TimeStyle.Near, texts, within: true);

    public static string Capital(string said) =>
        said.Length == 0 ? said : char.ToUpper(said[0], CultureInfo.CurrentCulture) + said[1..];

    public string Range(TimeRange range) => range switch
    {
        TimeRange.Day => texts["one day"],
        TimeRange.Week => texts["one week"],
        TimeRange.Month => texts["one month"],
        TimeRange.All => texts["all time"],
    };

    public string Range(GoalPeriod period) => words.Range(period);

    /// <summary>Of values that are each of a period.</summary>
    public string EachOf(TimeRange range, MetricKey metric) => range switch
    {
        TimeRange.Day => texts["“{0}” of each person and day", Metric(metric)],
        TimeRange.Week => texts["“{0}” of each person and week", Metric(metric)],
        TimeRange.Month => texts["“{0}” of each person and month", Metric(metric)],
        TimeRange.All => texts["“{0}” of each person", Metric(metric)],
    };

    /// <summary>The metric and the value: "your 50th call" would need grammar that the organisation's words do not give.</summary>
    public string Reached(MetricKey metric, Amount value) => $"{Metric(metric)}: {Figure(metric, value)}";

    public string SoFar(MetricKey metric, MetricValue? value) =>
        value is { } some ? texts["{0} so far", Figure(metric, some)] : texts["Nothing counted yet"];

    /// <summary>The same, with how often it must have been counted where once is not enough.</summary>
    public string WithSample(string said, int sample) =>
        sample > 1 ? $"{said} ({texts.Count(sample, "counted at least {0} time", "counted at least {0} times")})" : said;

    public IEnumerable<RuleFact> SampleFact(int sample)
    {
        if (sample > 1) yield return new(texts["Counted at least"], texts.Count(sample, "{0} time", "{0} times"));
    }

    /// <summary>“Calls answered” reaches 50, 55 or 65 and “Rating” is above 4.5.</summary>
    public string Conditions(IReadOnlyList<Condition> conditions)
    {
        var said = conditions.Select(Condition).ToList();
        return said.Count == 1 ? said[0] : texts["{0} and {1}", string.Join(", ", said.SkipLast(1)), said[^1]];
    }

    private string Condition(Condition condition)
    {
        var name = Quoted(Metric(condition.Metric));
        // A condition that asks the same of every tier says it once.
        var targets = List(condition.Targets.Select(t => Figure(condition.Metric, t).ToString()).Distinct());
        string said = condition.Comparison switch
        {
            Comparison.AtLeast => texts["{0} reaches {1}", name, targets],
            Comparison.AtMost => texts["{0} is at most {1}", name, targets],
            Comparison.Above => texts["{0} is above {1}", name, targets],
            Comparison.Below => texts["{0} is below {1}", name, targets],
        };
        return WithSample(said, condition.Sample);
    }

    public IEnumerable<RuleFact> ConditionFacts(IReadOnlyList<Condition> conditions)
    {
        foreach (var condition in conditions)
        {
            var targets = List(condition.Targets.Select(t => Figure(condition.Metric, t).ToString()));
            yield return new(Metric(condition.Metric), condition.Comparison switch
            {
                Comparison.AtLeast => texts["at least {0}", targets],
                Comparison.AtMost => texts["at most {0}", targets],
                Comparison.Above => texts["above {0}", targets],
                Comparison.Below => texts["below {0}", targets],
            });
            foreach (var fact in SampleFact(condition.Sample)) yield return fact;
        }
    }
}
