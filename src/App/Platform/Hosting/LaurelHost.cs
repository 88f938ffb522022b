using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Activities;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.AuditLog;
using Laurel.App.Features.Badges;
using Laurel.App.Features.Digests;
using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Imports;
using Laurel.App.Features.Leaderboards;
using Laurel.App.Features.Mail;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Metrics.Manage;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.People;
using Laurel.App.Features.Presence;
using Laurel.App.Features.Projects;
using Laurel.App.Features.Recalculation;
using Laurel.App.Features.Reports;
using Laurel.App.Features.Rights;
using Laurel.App.Features.SettingUp;
using Laurel.App.Features.Settings;
using Laurel.App.Features.SigningIn;
using Laurel.App.Features.Team;
using Laurel.App.Features.Today;
using Laurel.App.Features.Tours;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Storage;
using Microsoft.AspNetCore.HttpOverrides;

namespace Laurel.App.Platform.Hosting;

/// <summary>What a running Laurel is given from outside.</summary>
/// <param name="Database">Owned by the caller, who disposes it after the application has stopped.</param>
public sealed record LaurelOptions(Database Database)
{
    public string Urls { get; init; } = "http://127.0.0.1:5080";
    public TimeProvider Time { get; init; } = TimeProvider.System;
    /// <summary>Registers or replaces services after all features did: the demo, and tests.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}

/// <summary>
/// The composition root of the web application: every feature's services, then the pipeline, then every feature's routes.
/// </summary>
public static class LaurelHost
{
    /// <summary>Brings the schema up to date and composes the application; starting it is the caller's.</summary>
    public static WebApplication Build(LaurelOptions options)
    {
        options.Database.Migrate();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(LaurelHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        // In a build's folder the files of the pages lie in the sources; in a published one this does nothing.
        builder.WebHost.UseStaticWebAssets();
        // Or it would send them uncompressed and to be asked for again with each page, in case somebody is working on them.
        if (!builder.Environment.IsDevelopment()) builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // Where it listens is said by who starts it, in the one line that matters.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // What keeps it from starting is thrown as well: whoever starts it says so in one line.
        var started = false;
        foreach (var starter in (string[])["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"])
            builder.Logging.AddFilter(starter, level => level >= LogLevel.Warning && (started || level < LogLevel.Error));
        // It warns that keys are kept unencrypted beside the data; docs/permissions.md says so and why.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        AddFeatures(builder.Services.AddSingleton(options.Database).AddSingleton(options.Time));
        options.Services?.Invoke(builder.Services);

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => started = true);
        Pipeline(app);
        MapFeatures(app);
        Doors.Check(app);
        return app;
    }

    private static void AddFeatures(IServiceCollection services)
    {
        services.AddProblems();
        services.AddCore();
        services.AddHostedService<WorkService>();
        services.AddPages();
        LiveStream.AddTo(services);
        services.AddApiJson();
        services.AddApiDescription();
        services.AddAccess();
        services.AddSigningIn();
        services.AddSettingUp();
        services.AddApiKeys();
        services.AddToday();
        services.AddAchievementPages();
        services.AddManageAchievements();
        services.AddManageMetrics();
        services.AddGoalPages();
        services.AddNotifications();
        services.AddMail();
        services.AddDigests();
        services.AddPeople();
        services.AddRoles();
        services.AddHeld();
        services.AddExternalIdentities();
        services.AddProjects();
        services.AddSettings();
        services.AddImports();
        services.AddAuditLog();
        services.AddLeaderboards();
        services.AddTeam();
        services.AddReports();
        services.AddTours();
    }

    /// <summary>The order matters: who it is, then in which language, then whether they may.</summary>
    private static void Pipeline(WebApplication app)
    {
        // Of proxies only one on this machine is believed.
        app.UseForwardedHeaders(new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto });
        app.UsePageErrors();
        app.UseProblems();
        app.UseDatabaseGone();
        app.UseRouting();
        app.UseIdentity();
        app.UsePageRequests();
        app.UseSettingUp();
        app.UseDoors();
        app.UseSigningIn();
    }

    private static void MapFeatures(WebApplication app)
    {
        app.MapHealth();
        app.MapPages();
        LiveStream.MapLive(app);
        app.MapAccess();
        app.MapSigningIn();
        app.MapBadgeArt();
        app.MapAchievementPages();
        app.MapManageAchievements();
        app.MapManageMetrics();
        app.MapNotifications();
        app.MapDigests();
        app.MapLeaderboards();
        app.MapPeople();
        app.MapTeam();
        app.MapReports();
        app.MapTours();
        app.MapApiDescription();
        app.MapActivitiesApi();
        app.MapActivityTypesApi();
        app.MapKeptActivitiesApi();
        app.MapHeldApi();
        app.MapIdentitiesApi();
        app.MapProjectsApi();
        app.MapAwardsApi();
        app.MapAwardApi();
        app.MapAchievementApi();
        app.MapBacktestApi();
        app.MapAuditApi();
        app.MapPathsApi();
        app.MapDrawsApi();
        app.MapGoalsApi();
        app.MapMetricsApi();
        app.MapManageMetricsApi();
        app.MapExternalValuesApi();
        app.MapPeopleApi();
        app.MapRolesApi();
        app.MapGroupsApi();
        app.MapDivisionsApi();
        app.MapPresenceApi();
        app.MapSetupApi();
        app.MapCatalogueApi();
        app.MapRecalculations();
    }
}
