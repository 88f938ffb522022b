using System.Data.Common;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;
using Microsoft.AspNetCore.Authentication;

namespace Laurel.App.Features.ApiKeys;

/// <summary>Keys with which programs use the API: made on a page or the command line, shown once, kept as hashes.</summary>
public static class ApiKeysFeature
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyStore>().AddSingleton<TryIt>().AddHostedService<KeyUses>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyDoor>(AccessFeature.ApiScheme, null);
        services.AddSingleton(new MenuEntry("API keys", "key", "/api-keys", Permissions.ApiKeysManage, 70, MenuSection.Admin));
        return services;
    }

    /// <summary>Writes once a minute, and at the end, when keys were last used.</summary>
    private sealed class KeyUses(ApiKeyStore keys, ILogger<KeyUses> log) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var minute = new PeriodicTimer(TimeSpan.FromMinutes(1));
            try
            {
                while (await minute.WaitForNextTickAsync(stoppingToken)) Flush();
            }
            catch (OperationCanceledException)
            {
                Flush();
            }
        }

        private void Flush()
        {
            try
            {
                keys.Flush();
            }
            catch (DbException failed)
            {
                // Nothing is lost but a time of day; the next minute tries again.
                log.LogWarning(failed, "When keys were last used could not be written");
            }
        }
    }
}
