import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stores', '0006_parcels_violations_traffic'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('headers', models.CharField(max_length=64)),
                ('preset', models.CharField(max_length=32)),
                ('columns', models.JSONField(default=dict)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='ImportPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('rows', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='ImportRejects',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('rows', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='ImportUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_trusted', models.BooleanField(default=False)),
                ('kind', models.CharField(max_length=32)),
                ('preset', models.CharField(max_length=32)),
                ('file_name', models.CharField(max_length=200)),
                ('file_size', models.BigIntegerField(default=0)),
                ('content_hash', models.CharField(max_length=64)),
                ('encoding', models.CharField(default='', max_length=16)),
                ('as_of', models.DateTimeField()),
                ('layout', models.JSONField(default=dict)),
                ('chunk_rows', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('checking', '检查中'), ('checked', '待确认'), ('importing', '导入中'), ('done', '已导入'), ('stopped', '已停止'), ('failed', '出错'), ('dropped', '未导入')], default='checking', max_length=9)),
                ('report', models.JSONField(default=dict)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('taken_up', models.PositiveSmallIntegerField(default=0)),
                ('rung_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('is_score_wanted', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name='importmapping',
            name='shop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.shop'),
        ),
        migrations.AddField(
            model_name='importupload',
            name='batch',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='upload', to='stores.importbatch'),
        ),
        migrations.AddField(
            model_name='importupload',
            name='score_run',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stores.run'),
        ),
        migrations.AddField(
            model_name='importupload',
            name='shop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.shop'),
        ),
        migrations.AddField(
            model_name='importupload',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='importrejects',
            name='upload',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rejects', to='stores.importupload'),
        ),
        migrations.AddField(
            model_name='importpiece',
            name='upload',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='stores.importupload'),
        ),
        migrations.AddConstraint(
            model_name='importmapping',
            constraint=models.UniqueConstraint(fields=('shop', 'kind', 'headers'), name='importmapping_identity'),
        ),
        migrations.AddIndex(
            model_name='importupload',
            index=models.Index(fields=['shop', '-created_at'], name='importupload_newest'),
        ),
        migrations.AddIndex(
            model_name='importupload',
            index=models.Index(condition=models.Q(('state__in', ['checking', 'checked', 'importing'])), fields=['state'], name='importupload_open'),
        ),
        migrations.AddIndex(
            model_name='importupload',
            index=models.Index(condition=models.Q(('is_score_wanted', True), ('score_run', None)), fields=['id'], name='importupload_unscored'),
        ),
        migrations.AddConstraint(
            model_name='importrejects',
            constraint=models.UniqueConstraint(fields=('upload', 'number'), name='importrejects_identity'),
        ),
        migrations.AddConstraint(
            model_name='importpiece',
            constraint=models.UniqueConstraint(fields=('upload', 'number'), name='importpiece_identity'),
        ),
    ]
