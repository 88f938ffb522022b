using System.Text.Json.Serialization;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>
/// The first person with an activity of one of the types in a project that was made while the rule was on. One winner per project, who is
/// a recorded fact: first in order of occurrence among what has arrived when it is decided.
/// </summary>
public sealed record FirstInProject(IReadOnlyList<string> Activities) : Rule
{
    [JsonIgnore]
    public override string Type => "first-in-project";
    [JsonIgnore]
    public override IReadOnlyList<MetricKey> Metrics => [];
    [JsonIgnore]
    public override Repeat DefaultRepeat => Repeat.EveryTime;

    [JsonIgnore]
    public override bool IsRecorded => true;
    public override IReadOnlyList<string> FirstOf() => Activities;
    public override Succession? Succession() => Achievements.Succession.ByMoment;

    public bool Equals(FirstInProject? other) => other is not null && Activities.SequenceEqual(other.Activities, StringComparer.Ordinal);

    public override int GetHashCode() => Activities.Count;
}

/// <summary>Somebody's activity in a project.</summary>
public readonly record struct DoneInProject(PersonKey Person, ActivityOrder Order);

/// <summary>In how many projects somebody may still be the first.</summary>
public sealed record OpenProjects(int Count) : Progress
{
    public override double? Share => null;
}

/// <summary>
/// Who is first in a project. Projects are nobody's alone, so that the workdays here are those of the installation's own site.
/// </summary>
public static class FirstInProjectDecision
{
    /// <summary>Whether a project may be won at all: it was made on a workday that counts, while the rule was on.</summary>
    public static bool IsOpen(RuleHistory history, Workday made) =>
        made >= history.CountsFrom && made >= history.Horizon && IsOn(history, made);

    /// <summary>The types of the version under which the project was made.</summary>
    public static IReadOnlyList<string> TypesFor(RuleHistory history, Workday made) => history.InForce(made).Rule.FirstOf();

    /// <summary>
    /// Whether the first of all that was done wins the project: one of a workday on which the rule was off wins nothing, and whoever comes
    /// after it was not the first.
    /// </summary>
    public static bool Wins(RuleHistory history, Workday made, Workday done) => IsOpen(history, made) && IsOn(history, done);

    /// <summary>Whether an award still holds: the activity that won is there, and none is before it.</summary>
    public static bool Holds(ActivityOrder won, DoneInProject? first) => first is { } one && one.Order.CompareTo(won) == 0;

    /// <summary>The workdays that an award is told by: from the project's making to the moment, or the other way round.</summary>
    public static WorkdaySpan Counted(Workday made, Workday done) => new(Workday.Min(made, done), Workday.Max(made, done));

    private static bool IsOn(RuleHistory history, Workday day) => history.Spans.Any(s => s.From <= day && day <= s.Last);
}
