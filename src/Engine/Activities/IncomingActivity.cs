using Laurel.Engine.Kernel;

namespace Laurel.Engine.Activities;

/// <summary>What becomes of an activity whose person is not known.</summary>
public enum UnknownPerson { Hold, Create }

/// <summary>A named number of an activity, e.g. talk = 168 s.</summary>
public readonly record struct Measure(string Name, Amount Amount);

/// <summary>A named text of an activity, e.g. channel = chat.</summary>
public readonly record struct Label(string Name, string Text);

/// <summary>
/// An activity as a source tells it: read, but not yet checked against the declared types nor matched to a person.
/// </summary>
/// <param name="Source">Who tells it; 1 to 200 characters. Identity is (source, id).</param>
/// <param name="Id">Identity inside the source; the subject where the sender gives subject and version.</param>
/// <param name="Type">Key of a declared activity type.</param>
/// <param name="Person">Key of the person who did it; null where the type needs none.</param>
/// <param name="Team">Key of the team or queue of an activity without a person.</param>
/// <param name="At">When it occurred, in UTC milliseconds.</param>
/// <param name="Measures">At most 50, names unique.</param>
/// <param name="Labels">At most 50, names unique.</param>
public sealed record IncomingActivity(
    string Source,
    ActivityId Id,
    string Type,
    string? Person,
    string? Team,
    long At,
    IReadOnlyList<Measure> Measures,
    IReadOnlyList<Label> Labels)
{
    public string? Project { get; init; }
    public string? Contact { get; init; }
    /// <summary>The highest version wins; 0 where the sender does not count versions.</summary>
    public long Version { get; init; }
    /// <summary>This version takes the activity back.</summary>
    public bool IsVoid { get; init; }
    public UnknownPerson UnknownPerson { get; init; }
    /// <summary>Name for a person that is created from this activity; the key where null.</summary>
    public string? PersonName { get; init; }
    /// <summary>Number of the run of <c>laurel import</c> that brings it; null by any other door. No part of its content.</summary>
    public long? Import { get; init; }
}

public enum ItemOutcome { Accepted, Duplicate, Held, Rejected }

/// <summary>The answer to one item: what became of it, and why where it was held or rejected.</summary>
public readonly record struct ItemResult(ItemOutcome Outcome, string? Reason = null)
{
    public static readonly ItemResult Accepted = new(ItemOutcome.Accepted);
    public static readonly ItemResult Duplicate = new(ItemOutcome.Duplicate);
    public static ItemResult Held(string reason) => new(ItemOutcome.Held, reason);
    public static ItemResult Rejected(string reason) => new(ItemOutcome.Rejected, reason);

    /// <summary>The same identity and version came with other content.</summary>
    public static readonly ItemResult Conflict = Rejected(
        "conflict: this identity and version came before with other content; send a higher version to correct it");
}
