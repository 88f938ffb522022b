namespace Laurel.Engine.Activities;

/// <summary>The activities that Laurel makes of what people do with it.</summary>
public static class UseTypes
{
    /// <summary>Types of Laurel's own, declared in every installation.</summary>
    public const string SignedIn = "signed-in", ProfileCompleted = "profile-completed", BadgeFeatured = "badge-featured";

    /// <summary>Whose they are. No source may call itself so.</summary>
    public const string Source = "laurel:use";
}
