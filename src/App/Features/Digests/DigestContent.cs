using Laurel.App.Features.Badges;

namespace Laurel.App.Features.Digests;

/// <summary>
/// A badge as mail programs show it: a coin of its colours with its level, made of a table cell, for they show no SVG. Null for what has no
/// name for the reader.
/// </summary>
public sealed record DigestBadge(BadgeFamily? Family, BadgeLevel Level);

/// <param name="Mark">Beside the title, such as You.</param>
/// <param name="End">At the right edge.</param>
/// <param name="Share">0 to 1, of a bar below; null for none.</param>
public sealed record DigestLine(
    DigestBadge? Badge, string Title, string? Text, string? End = null, double? Share = null, string? Mark = null);

/// <param name="More">Of what is not listed.</param>
public sealed record DigestSection(string Title, IReadOnlyList<DigestLine> Lines, string? More = null);

/// <summary>What a digest tells, in the reader's language; how it looks is not its business.</summary>
/// <param name="Tiles">Numbers and what they count.</param>
/// <param name="Words">A sentence at the end; null for none.</param>
/// <param name="Action">What the one button says, and the path that it leads to.</param>
public sealed record DigestContent(
    string Subject, string Eyebrow, string Heading, DigestLine? Hero, IReadOnlyList<(string Number, string Label)> Tiles,
    IReadOnlyList<DigestSection> Sections, string? Words, (string Text, string Path) Action);

/// <summary>What stands at the end of every digest.</summary>
/// <param name="Site">Where people reach Laurel, without a slash at the end.</param>
public sealed record DigestFoot(string Site, string Rhythm, string Unsubscribe, string UnsubscribeLink, string Change, string? Postal);
