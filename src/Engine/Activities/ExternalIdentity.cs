namespace Laurel.Engine.Activities;

/// <summary>
/// Somebody or something as another system calls it. While it is linked, an activity that names it is its person's or team's; until
/// then it waits for it under <see cref="Awaited"/>, as it would for a person who is not known.
/// </summary>
/// <param name="Provider">The other system: lower-case letters, digits, '.', '_' and '-', at most 100.</param>
/// <param name="External">Its own id there, up to 200 characters.</param>
public readonly record struct ExternalIdentity(string Provider, string External)
{
    /// <summary>No person's id and no name of a provider holds it.</summary>
    private const char Between = '\u001f';

    /// <summary>What tells those that wait for an identity from those that wait for a person.</summary>
    public const string Separator = "\u001f";

    public const int MaximumProvider = 100;

    /// <summary>What stands in the place of a person's id.</summary>
    public string Awaited => Provider + Between + External;

    public static bool IsOne(string? awaited) => awaited is not null && awaited.Contains(Between, StringComparison.Ordinal);

    /// <summary>Null where it is a person's id.</summary>
    public static ExternalIdentity? Of(string awaited) =>
        awaited.IndexOf(Between, StringComparison.Ordinal) is >= 0 and var at ? new(awaited[..at], awaited[(at + 1)..]) : null;

    public static bool IsProvider(string text) => text.Length is > 0 and <= MaximumProvider
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    public override string ToString() => $"{Provider} {External}";
}
