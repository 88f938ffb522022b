namespace Laurel.App.Features.Achievements;

/// <summary>The reader's featured badge, looked up once for all places of a page that show it.</summary>
public sealed class OwnMark
{
    private (bool IsKnown, FeaturedBadge? Badge) known;

    public FeaturedBadge? Of(Func<FeaturedBadge?> look)
    {
        if (!known.IsKnown) known = (true, look());
        return known.Badge;
    }
}
