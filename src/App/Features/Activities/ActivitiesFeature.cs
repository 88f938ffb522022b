namespace Laurel.App.Features.Activities;

/// <summary>Taking activities in: the intake and its writer.</summary>
public static class ActivitiesFeature
{
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSingleton<PersonStamps>()
        .AddSingleton<HeldStore>()
        .AddSingleton<BatchWriter>()
        .AddSingleton<Intake>()
        .AddHostedService(s => s.GetRequiredService<Intake>());
}
