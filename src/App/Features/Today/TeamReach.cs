using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.People;
using Laurel.App.Features.Team;

namespace Laurel.App.Features.Today;

/// <summary>Somebody of a team and the badge that is nearest.</summary>
public sealed record NearBadge(PersonName Person, CollectionItem Item);

/// <summary>Who of a team is near a next badge, the nearest first, as far as that is worked out.</summary>
public sealed class TeamReach(NextBadges next)
{
    /// <summary>Half of the way is done.</summary>
    private const double Near = 0.5;

    public IReadOnlyList<NearBadge> Of(DbConnection connection, AchievementBook book, IReadOnlyList<PersonName> people)
    {
        var found = next.Of(connection, book, [.. people.Select(p => p.Key)]);
        return
        [
            .. people.Where(p => found.GetValueOrDefault(p.Key)?.Item?.Nearness >= Near)
                .Select(p => new NearBadge(p, found[p.Key].Item!))
                .OrderByDescending(n => n.Item.Nearness).ThenBy(n => n.Person.Name, StringComparer.CurrentCulture),
        ];
    }
}
