using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;
using Laurel.App.Platform.Localisation;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.People;

/// <summary>People, teams, sites, and the own profile.</summary>
public static class PeopleFeature
{
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/profile/sharing", Share).RequiresPermission(Permissions.ProfileEdit);
        routes.MapPhotos();
    }

    /// <summary>Everybody's own word on who sees the badges.</summary>
    private static IResult Share([FromForm] string? shares, CurrentPerson me, Database database)
    {
        database.Write((c, t) => RecognitionSettings.Share(c, t, me.Key, shares is not "false"));
        return Results.LocalRedirect("/profile#sharing");
    }

    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        services.AddSingleton<PeopleStore>().AddSingleton<SavePerson>().AddSingleton<ShownOnce>()
            .AddSingleton<KeepProfile>().AddSingleton<Organisation>().AddSingleton<KeepGroups>().AddSingleton<KeepDivisions>();
        services.AddSingleton<RememberLanguage>(provider => (http, language) =>
        {
            var person = http.RequestServices.GetRequiredService<CurrentPerson>();
            if (person.IsSignedIn && Language.Find(language) is { } known)
                provider.GetRequiredService<Database>().Write((c, t) =>
                    c.Execute("UPDATE person SET lang = @Code WHERE key = @Key", new { known.Code, person.Key }, t));
            return Task.CompletedTask;
        });
        services.AddSingleton(new MenuEntry("People", "users-three", "/people", Permissions.PeopleView, 40, MenuSection.Admin));
        services.AddSingleton(new MenuEntry("Teams", "users", "/teams", Permissions.PeopleManage, 45, MenuSection.Admin));
        services.AddSingleton(new MenuEntry("Groups", "users-four", "/groups", Permissions.PeopleManage, 46, MenuSection.Admin));
        services.AddSingleton(new MenuEntry("Divisions", "share-network", "/divisions", Permissions.PeopleManage, 47, MenuSection.Admin));
        services.AddSingleton(new MenuEntry("Sites", "globe", "/sites", Permissions.SettingsManage, 80, MenuSection.Admin));
        services.AddSingleton(new TopBarSearch("/people", Ui.Text("Search people"), Permissions.PeopleView));
        return services;
    }
}
