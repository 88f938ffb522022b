namespace Laurel.App.Platform.Layout;

public enum MenuSection
{
    Work,
    Admin,
}

/// <summary>
/// A page in the rail and the phone's tab bar, registered by its feature as a singleton. Text is an English key; Short, for the tab
/// bar, too. Without a permission every signed-in person sees it.
/// </summary>
public sealed record MenuEntry(
    string Text, string Icon, string Href, string? Permission, int Order, MenuSection Section, string? Short = null)
{
    /// <summary>Gone with all of achievements, whatever permission it needs.</summary>
    public bool IsOfAchievements { get; init; }

    /// <summary>Pages that are found by way of this one, though their addresses begin otherwise.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    public bool Holds(string path) => path == Href || (Href != "/" && IsUnder(path, Href)) || Also.Any(part => IsUnder(path, part));

    private static bool IsUnder(string path, string part) =>
        path.StartsWith(part, StringComparison.OrdinalIgnoreCase) && (path.Length == part.Length || path[part.Length] == '/');
}

/// <summary>A component of a feature in the top bar, such as the star with recent badges. It takes no parameters.</summary>
public sealed record TopBarPart(Type Component, int Order, string? Permission = null);

/// <summary>A component of a feature behind the reader's own name in the rail and the account menu. It takes no parameters.</summary>
public sealed record NameMark(Type Component, string? Permission = null);

/// <summary>A component of a feature that comes before a page, such as the stop of a tour. It takes no parameters.</summary>
public sealed record PagePart(Type Component, string? Permission = null);

/// <summary>A page of a feature in the account menu. Text is an English key.</summary>
public sealed record AccountEntry(string Text, string Icon, string Href, string? Permission = null);

/// <summary>The search field of the top bar: a GET form to Href with the parameter q. Without one registered there is no field.</summary>
public sealed record TopBarSearch(string Href, string Hint, string? Permission = null);
