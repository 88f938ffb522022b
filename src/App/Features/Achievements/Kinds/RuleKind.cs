using System.Text.Json.Nodes;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements.Kinds;

/// <summary>
/// A kind of rule as it is spoken of: in sentences and lines for people, in keys for setup files. What its rules decide is in the file of
/// the rule, in Engine.
/// </summary>
public abstract class RuleKind(string type, string icon, string name, string says)
{
    /// <summary>As a setup file writes it.</summary>
    public string Type { get; } = type;

    public string Icon { get; } = icon;

    /// <summary>The English text, to be localised where it is shown; so is what it says.</summary>
    public string Name { get; } = name;

    /// <summary>What it rewards, for who chooses a kind.</summary>
    public string Says { get; } = says;

    /// <summary>The class of its rules.</summary>
    public abstract Type Rules { get; }

    // --- for people ---------------------------------------------------------------------------------------------------

    /// <summary>The rule as one sentence.</summary>
    public abstract string Sentence(RuleWords L, Rule rule, Repeat repeat);

    /// <summary>What earns it, line by line.</summary>
    /// <param name="isSecret">Whether another achievement has no name for the reader.</param>
    public abstract IEnumerable<RuleFact> Facts(RuleWords L, Rule rule, Func<Achievement, bool> isSecret);

    /// <summary>How far somebody is: as the rule's own decision tells it, from that person's work alone. Null where nothing does.</summary>
    public virtual Progress? ProgressOf(ProgressAsked asked) =>
        asked.History is { } history && asked.Book.Snapshot.Floor.Person(asked.Person) is { } person
            ? asked.Book.Snapshot.Rules.Decision(history)?.Toward(
                asked.Work.History(person, person.StartOf(asked.Today)), asked.Today, (tier, occasion) => asked.Earned(tier, occasion))
            : null;

    /// <summary>That in words; null where it has none.</summary>
    public abstract ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress);

    /// <summary>What brought an award, by the version that it was earned by; null where nothing is to be told.</summary>
    public abstract string? Because(RuleWords L, Rule rule, EarnedAward award);

    /// <summary>The value of an award in the unit of the metric that decided it; null where it has none worth telling.</summary>
    public abstract Figure? Value(RuleWords L, Rule rule, Amount value);

    /// <summary>What a tier asks for, as short as can be; null where that takes a sentence.</summary>
    /// <param name="tier">From 1.</param>
    public abstract string? Target(RuleWords L, Rule rule, int tier);

    /// <summary>One of the values that a backtest holds against the targets.</summary>
    public abstract string Measured(RuleWords L, Rule rule, Amount value);

    /// <summary>What these values are.</summary>
    public abstract string Axis(RuleWords L, Rule rule);

    // --- for setup files ----------------------------------------------------------------------------------------------

    /// <summary>Its own keys of an achievement, in the order in which they are named.</summary>
    public abstract IReadOnlyList<SetupKey> Keys();

    /// <summary>Everybody can earn it: it has no audience.</summary>
    public virtual bool IsOfAll => false;

    /// <summary>How long a badge stays where nothing is said.</summary>
    public virtual Tenure UsualTenure => Tenure.Permanent;

    /// <summary>Who is online decides, though no metric of it is named.</summary>
    public virtual bool ReadsPresence => false;

    /// <summary>What one achievement says with these keys; null with a problem.</summary>
    public abstract KindSetup? Read(YamlMap map);

    public abstract void Write(SetupPart part, Rule rule, SetupIds ids);

    /// <summary>The rule in the words of a setup file, part by part, for a plan and for the audit log.</summary>
    public abstract IEnumerable<string> Parts(Rule rule, SetupIds ids);

    // --- for the editor -----------------------------------------------------------------------------------------------

    /// <summary>The component of its own fields: a <see cref="KindFields"/>.</summary>
    public abstract Type Fields { get; }

    /// <summary>Kinds of a higher place are offered after others; of the same place, in the order of all.</summary>
    public virtual int Place => 0;

    /// <summary>A person gives it: there is nothing to decide, to test or to count.</summary>
    public virtual bool IsByHand => false;

    /// <summary>How many targets a condition may have; 0 where there are no conditions.</summary>
    public virtual int TargetsOfCondition => 0;

    /// <summary>Somebody wins on each occasion, so that the badge can pass from one to the next.</summary>
    public virtual bool HasWinners => false;

    /// <summary>Whether it can be held for its period.</summary>
    public virtual bool Lapses(AchievementForm form) => false;

    /// <summary>How often it may repeat, the usual first; none where that is no choice.</summary>
    public virtual IReadOnlyList<Repeat> Repeats(AchievementForm form) => [];

    /// <summary>Usually it repeats with its range.</summary>
    public virtual bool RepeatsByRange => true;

    /// <summary>Something of it is fixed when it is made.</summary>
    public virtual bool IsPartlyFixed => true;

    /// <summary>Which work counts can be chosen.</summary>
    public virtual bool HasHistory => true;

    /// <summary>What is said about that; null for nothing.</summary>
    public virtual string? HistoryNote =>
        Ui.Text("Which work counts. Where past work counts, whoever meets the rule already receives it at once.");

    /// <summary>What a field is called where that differs by kind.</summary>
    public virtual string? Label(string field) => null;

    /// <summary>What a new one starts with.</summary>
    public virtual void Begin(AchievementForm form) { }

    /// <summary>Fills its own fields from its own keys.</summary>
    public virtual void Fill(AchievementForm form, YamlMap map) { }

    /// <summary>Writes them back, as they were typed.</summary>
    public virtual void Write(FormWriter file, AchievementForm form) { }

    /// <summary>Puts targets, as they would be typed, where the rule has its own.</summary>
    public virtual void Take(AchievementForm form, IReadOnlyList<string> targets) { }
}

/// <summary>A kind whose rules are of one class.</summary>
public abstract class RuleKind<T>(string type, string icon, string name, string says) : RuleKind(type, icon, name, says) where T : Rule
{
    public sealed override Type Rules => typeof(T);

    protected abstract string Sentence(RuleWords L, T rule, Repeat repeat);
    protected abstract IEnumerable<RuleFact> Facts(RuleWords L, T rule, Func<Achievement, bool> isSecret);
    protected abstract string? Because(RuleWords L, T rule, EarnedAward award);
    protected virtual Figure? Value(RuleWords L, T rule, Amount value) => null;
    protected virtual string? Target(RuleWords L, T rule, int tier) => null;
    protected virtual string Measured(RuleWords L, T rule, Amount value) => L.Figure(rule.Metrics[0], value).ToString();
    protected virtual string Axis(RuleWords L, T rule) => L["“{0}” of each person and period", L.Metric(rule.Metrics[0])];
    protected abstract void Write(SetupPart part, T rule, SetupIds ids);
    protected abstract IEnumerable<string> Parts(T rule, SetupIds ids);

    public sealed override string Sentence(RuleWords L, Rule rule, Repeat repeat) => Sentence(L, (T)rule, repeat);
    public sealed override IEnumerable<RuleFact> Facts(RuleWords L, Rule rule, Func<Achievement, bool> isSecret) =>
        Facts(L, (T)rule, isSecret);
    public sealed override string? Because(RuleWords L, Rule rule, EarnedAward award) => Because(L, (T)rule, award);
    public sealed override Figure? Value(RuleWords L, Rule rule, Amount value) => Value(L, (T)rule, value);
    public sealed override string? Target(RuleWords L, Rule rule, int tier) => Target(L, (T)rule, tier);
    public sealed override string Measured(RuleWords L, Rule rule, Amount value) => Measured(L, (T)rule, value);
    public sealed override string Axis(RuleWords L, Rule rule) => Axis(L, (T)rule);
    public sealed override void Write(SetupPart part, Rule rule, SetupIds ids) => Write(part, (T)rule, ids);
    public sealed override IEnumerable<string> Parts(Rule rule, SetupIds ids) => Parts((T)rule, ids);
}

/// <summary>A key of a setup file, and what may stand there as a JSON Schema.</summary>
public readonly record struct SetupKey(string Key, JsonObject Schema, bool IsNeeded = false);

/// <summary>What a kind of rule has read of one achievement.</summary>
/// <param name="Metrics">Metrics that the rule names.</param>
/// <param name="Repeats">How often it may repeat; the first where the file does not say.</param>
public sealed record KindSetup(MakeRule Make, IReadOnlyList<YamlText> Metrics, IReadOnlyList<Repeat> Repeats)
{
    /// <summary>A metric that it needs and does not name.</summary>
    public OwnMetric? Own { get; init; }

    /// <summary>Activity types that the rule names by itself.</summary>
    public IReadOnlyList<YamlText> Types { get; init; } = [];

    /// <summary>Achievements that it is made of.</summary>
    public IReadOnlyList<YamlText> Of { get; init; } = [];
}
