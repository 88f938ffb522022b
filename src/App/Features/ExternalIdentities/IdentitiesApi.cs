using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.ExternalIdentities;

/// <param name="State">linked, unlinked or ignored.</param>
/// <param name="Person">Whose it is; or <paramref name="Team"/>'s.</param>
/// <param name="Waiting">Activities that wait for it.</param>
/// <param name="Since">When the first of them came.</param>
public sealed record IdentityAnswer(
    string Provider, string External, string State, string? Person, string? Team, long Waiting, DateTimeOffset? Since);

public sealed record IdentitiesAnswer(IReadOnlyList<IdentityAnswer> Identities);

/// <param name="Counted">How many activities that came by it count now.</param>
/// <param name="Waiting">How many wait.</param>
public sealed record SettledIdentityAnswer(string Provider, string External, string State, long Counted, long Waiting);

/// <summary>/api/v1/identities: who is meant by the ids of other systems.</summary>
public static class IdentitiesApi
{
    public static void MapIdentitiesApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/identities", List)
            .RequiresPermission(Permissions.PeopleManage)
            .WithName("listIdentities")
            .WithTags("Identities")
            .WithSummary("External identities")
            .WithDescription("Who is meant by the ids of other systems: linked to a person or a team, ignored, or unlinked with something "
                + "that waits. state: only these.")
            .Produces<IdentitiesAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        Decide(routes.MapPost("/api/v1/identities/link", Link), "link", "Link an external identity to a person or a team",
            "provider, external; person or team: whose it is. What waited for it counts in its own time, and what counted for somebody "
            + "else by it goes over.");
        Decide(routes.MapPost("/api/v1/identities/unlink", (LinkIdentity links, CurrentPerson me, string? provider, string? external) =>
            Settle(links, me, provider, external, IdentityTarget.Unlinked)), "unlink", "Take the link of an external identity away",
            "What counted by it waits again.");
        Decide(routes.MapPost("/api/v1/identities/ignore", (LinkIdentity links, CurrentPerson me, string? provider, string? external) =>
            Settle(links, me, provider, external, IdentityTarget.Ignored)), "ignore", "Ignore an external identity",
            "What comes by it is kept and counts for nobody, and is not listed among what waits to be linked.");
    }

    private static void Decide(RouteHandlerBuilder door, string verb, string summary, string description) =>
        door.RequiresPermission(Permissions.PeopleManage)
            .WithName($"{verb}Identity")
            .WithTags("Identities")
            .WithSummary(summary)
            .WithDescription(description)
            .Produces<SettledIdentityAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult List(IdentityStore identities, string? state) =>
        state is not (null or "linked" or "unlinked" or "ignored")
            ? Problems.BadParameter(nameof(state), "linked, unlinked or ignored")
            : TypedResults.Ok(new IdentitiesAnswer([.. identities.All().Where(i => state is null || i.State == state)
                .Select(i => new IdentityAnswer(
                    i.Identity.Provider, i.Identity.External, i.State, i.Person, i.Team, i.Waiting, i.Since))]));

    private static IResult Link(LinkIdentity links, CurrentPerson me, string? provider, string? external, string? person, string? team)
    {
        if (string.IsNullOrEmpty(person) == string.IsNullOrEmpty(team)) return Problems.BadRequest("Give either person or team.");
        return Settle(links, me, provider, external,
            string.IsNullOrEmpty(person) ? IdentityTarget.OfTeam(team!) : IdentityTarget.OfPerson(person));
    }

    private static IResult Settle(LinkIdentity links, CurrentPerson me, string? provider, string? external, IdentityTarget target)
    {
        if (provider is null || !ExternalIdentity.IsProvider(provider))
            return Problems.BadParameter(nameof(provider), "lower-case letters, digits, '.', '_' and '-', at most 100");
        if (string.IsNullOrEmpty(external) || external.Length > 200 || ExternalIdentity.IsOne(external))
            return Problems.BadParameter(nameof(external), "an id of the provider's, at most 200 characters");
        return links.Run(new(provider, external), target, me.Actor) is { } settled
            ? TypedResults.Ok(new SettledIdentityAnswer(provider, external, target.State, settled.Counted, settled.Waiting))
            : Problems.NotThere(target.Team is null ? $"There is no person '{target.Person}'." : $"There is no team '{target.Team}'.");
    }
}
