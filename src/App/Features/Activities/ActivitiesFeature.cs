using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;
using Laurel.App.Platform.Work;

namespace Laurel.App.Features.Activities;

/// <summary>Taking activities in: the intake and its writer.</summary>
public static class ActivitiesFeature
{
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSingleton<PersonStamps>()
        .AddSingleton<HeldStore>()
        .AddSingleton<SettleHeld>()
        .AddSingleton<LinkIdentity>()
        .AddSingleton<BodyMemory>()
        .AddSingleton<BatchWriter>()
        .AddSingleton<Intake>()
        .AddSingleton<ExternalValues>()
        .AddSingleton<OwnActivities>()
        .AddSingleton<NoteVisits>(OwnActivities.NoteVisits)
        .AddSingleton(s => new WorkKind(OwnActivities.Kind, 500, (items, _) => s.GetRequiredService<OwnActivities>().Run(items))
        {
            TogetherAmongNodes = 500,
        })
        .AddHostedService(s => s.GetRequiredService<Intake>());

    /// <summary>The page about what waits.</summary>
    public static IServiceCollection AddHeld(this IServiceCollection services) =>
        services.AddSingleton(new MenuEntry("Held activities", "clock", "/held", Permissions.PeopleManage, 47, MenuSection.Admin));
}
