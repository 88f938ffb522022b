using System.Text.Json.Serialization;

namespace Laurel.Engine.Activities;

/// <summary>A measure that a type declares.</summary>
/// <param name="MayBeNegative">When false, a negative amount is refused at the door.</param>
public sealed record DeclaredMeasure(string Name, string Unit, bool MayBeNegative);

/// <summary>What activities of one type may carry.</summary>
/// <param name="NeedsPerson">False for work that no agent did, such as an abandoned call: it may name a team instead.</param>
public sealed record ActivityType(
    string Id, bool NeedsPerson, IReadOnlyList<DeclaredMeasure> Measures, IReadOnlyList<string> Labels)
{
    private const string External = "external:";
    /// <summary>The measure that holds an external metric's value.</summary>
    public const string ExternalMeasure = "value";
    /// <summary>How many that value is the average of, where it is not one. No type declares it, each external one has it.</summary>
    public static readonly DeclaredMeasure ExternalCount = new("count", "number", MayBeNegative: false);

    /// <summary>The type that carries the values of an external metric; no setup file declares it.</summary>
    public static string OfExternal(string metric) => External + metric;

    public static bool IsOfExternal(string type) => type.StartsWith(External, StringComparison.Ordinal);

    [JsonIgnore]
    public bool IsExternal => IsOfExternal(Id);

    public DeclaredMeasure? Measure(string name)
    {
        foreach (var measure in Measures)
            if (string.Equals(measure.Name, name, StringComparison.Ordinal)) return measure;
        return IsExternal && string.Equals(name, ExternalCount.Name, StringComparison.Ordinal) ? ExternalCount : null;
    }

    /// <summary>Why this type does not take the activity; null when it does.</summary>
    public string? Refuses(IncomingActivity activity)
    {
        if (activity.IsVoid) return null;
        if (NeedsPerson && string.IsNullOrEmpty(activity.Person)) return $"type '{Id}' needs a person";
        foreach (var given in activity.Measures)
        {
            if (Measure(given.Name) is not { } declared) return $"type '{Id}' declares no measure '{given.Name}'";
            if (!declared.MayBeNegative && given.Amount.Thousandths < 0) return $"measure '{given.Name}' is never negative";
        }
        foreach (var given in activity.Labels)
            if (!Labels.Contains(given.Name, StringComparer.Ordinal)) return $"type '{Id}' declares no label '{given.Name}'";
        return null;
    }
}
