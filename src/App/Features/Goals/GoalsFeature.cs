using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;
using Laurel.App.Platform.Work;

namespace Laurel.App.Features.Goals;

/// <summary>Personal goals: what people set out to reach, and what they agree on with who leads them.</summary>
public static class GoalsFeature
{
    public static IServiceCollection AddGoals(this IServiceCollection services) => services
        .AddSingleton<KeepGoals>()
        .AddSingleton<ReviewGoals>()
        .AddSingleton<TellReached>()
        .AddSingleton(s => s.GetRequiredService<ReviewGoals>().Work)
        // The door for activities wakes whoever runs this.
        .AddSingleton(s => new WorkKind(TellReached.Kind, 50, (items, _) => s.GetRequiredService<TellReached>().Run(items))
        {
            TogetherAmongNodes = 50,
        });

    public static IServiceCollection AddGoalPages(this IServiceCollection services) => services
        .AddScoped<GoalWords>()
        .AddSingleton(new MenuEntry("Goals", "target", "/goals", Permissions.GoalsView, 45, MenuSection.Work));
}
