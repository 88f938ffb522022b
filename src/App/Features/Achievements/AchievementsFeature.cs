using Laurel.App.Features.Metrics;
using Laurel.App.Features.Recalculation;
using Laurel.App.Features.Retention;
using Laurel.App.Platform.Work;

namespace Laurel.App.Features.Achievements;

/// <summary>Deciding achievements: at a period's end and over history; the live ones are decided with their activities.</summary>
public static class AchievementsFeature
{
    public static IServiceCollection AddAchievementWork(this IServiceCollection services) => services
        .AddSingleton<EvaluatePeriod>()
        .AddSingleton<EvaluateBelonging>()
        .AddSingleton<Backfill>()
        .AddSingleton<Recalculate>()
        .AddSingleton<Draws>()
        .AddSingleton<SeedSource>(System.Security.Cryptography.RandomNumberGenerator.GetBytes)
        .AddSingleton<BuildMetric>()
        .AddSingleton<PackDays>()
        .AddHostedService(s => s.GetRequiredService<PackDays>())
        .AddSingleton(s => s.GetRequiredService<EvaluatePeriod>().Work)
        .AddSingleton(s => s.GetRequiredService<EvaluateBelonging>().Work)
        .AddSingleton(s => s.GetRequiredService<Backfill>().Work)
        .AddSingleton(s => s.GetRequiredService<Recalculate>().Work)
        .AddSingleton(s => s.GetRequiredService<Draws>().Work)
        .AddSingleton(s => s.GetRequiredService<BuildMetric>().Work)
        .AddSingleton<PurgeActivities>()
        .AddSingleton<Horizon>()
        .AddSingleton(s => s.GetRequiredService<PurgeActivities>().Work)
        .AddSingleton<CloseWorkdays>()
        .AddSingleton<SetAside>()
        .AddHostedService(s => s.GetRequiredService<SetAside>())
        .AddSingleton<WorkRunner>();
}
